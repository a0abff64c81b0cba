package dev.weft.dns;

import dev.weft.config.DnsConfig;
import dev.weft.dns.forward.ForwardMetrics;
import dev.weft.dns.forward.Forwarding;
import dev.weft.dns.forward.ResolvConf;
import dev.weft.dns.forward.Resolver;
import dev.weft.dns.forward.SearchPath;
import dev.weft.dns.serve.Serving;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.HostNames;
import dev.weft.dns.zone.NameTable;
import dev.weft.net.Ip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;

/**
 * What changes together when the configuration does.
 *
 * @param upstreams that the forwarding was made for
 */
record Parts(
        DnsConfig config,
        List<DnsConfig.Upstream> upstreams,
        Serving serving,
        Forwarding forwarding,
        Resolver resolver) {

    /**
     * Makes parts, and stays the same while configurations come and go.
     *
     * @param resolvConf names upstream servers if the configuration does not
     * @param namespaceOf the namespace of the pod with an address
     */
    record Maker(Path resolvConf, Function<Ip, Optional<String>> namespaceOf, ForwardMetrics metrics) {

        /**
         * Parts for a configuration.
         *
         * @param before whose forwarding, and with it the cache, stays if nothing about it changes
         * @throws IllegalArgumentException if a name in it is none
         */
        Parts make(DnsConfig config, ClusterZone zone, Optional<Parts> before) {
            List<DnsConfig.Upstream> upstreams = upstreams(config);
            Forwarding forwarding = before.filter(parts -> parts.forwardsAlike(config, upstreams))
                    .map(Parts::forwarding)
                    .orElseGet(() -> new Forwarding(
                            config, upstreams, (SSLSocketFactory) SSLSocketFactory.getDefault(), metrics));
            Serving serving =
                    new Serving(zone, hosts(config), forwarding.cache(), config.autopath(), config.queryLog());
            return new Parts(config, upstreams, serving, forwarding, resolver(config, serving, forwarding));
        }

        /** The same parts with another zone. */
        Parts with(Parts parts, ClusterZone zone) {
            Serving serving = parts.serving().with(zone);
            Resolver resolver = resolver(parts.config(), serving, parts.forwarding());
            return new Parts(parts.config(), parts.upstreams(), serving, parts.forwarding(), resolver);
        }

        private Resolver resolver(DnsConfig config, Serving serving, Forwarding forwarding) {
            return new Resolver(
                    serving, forwarding, search(config), config.maxConcurrent(), config.transferTo(), metrics);
        }

        private SearchPath search(DnsConfig config) {
            if (!config.autopath()) {
                return SearchPath.NONE;
            }
            try {
                return new SearchPath(DnsName.parse(config.domain()), namespaceOf, ResolvConf.search(resolvConf));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "autopath is on, and " + resolvConf + ", which ends pods' search lists, cannot be read", e);
            }
        }

        private List<DnsConfig.Upstream> upstreams(DnsConfig config) {
            if (!config.upstreams().isEmpty()) {
                return config.upstreams();
            }
            try {
                return ResolvConf.read(resolvConf);
            } catch (IOException e) {
                throw new UncheckedIOException("no upstreams are configured, and " + resolvConf + " cannot be read", e);
            }
        }

        private static NameTable hosts(DnsConfig config) {
            Map<DnsName, Set<Ip>> hosts = new LinkedHashMap<>();
            config.hosts()
                    .forEach(host -> host.names()
                            .forEach(name -> hosts.computeIfAbsent(DnsName.parse(name), key -> new LinkedHashSet<>())
                                    .add(host.ip())));
            return HostNames.table(hosts);
        }
    }

    private boolean forwardsAlike(DnsConfig now, List<DnsConfig.Upstream> servers) {
        return upstreams.equals(servers)
                && config.stubDomains().equals(now.stubDomains())
                && config.cache().equals(now.cache())
                && config.dns64().equals(now.dns64());
    }
}
