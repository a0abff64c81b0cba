package dev.weft.operator.dns;

import dev.weft.api.DnsHostSpec;
import dev.weft.api.DnsPlacement;
import dev.weft.api.DnsSpec;
import dev.weft.api.EffectiveDnsStatus;
import dev.weft.api.ManagementState;
import dev.weft.api.PodRecords;
import dev.weft.api.StubDomainSpec;
import dev.weft.config.DnsConfig;
import dev.weft.config.DnsConfigJson;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.operator.observe.ClusterDns;
import dev.weft.operator.revision.Names;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code spec.dns} with every default resolved: what the spec says counts most, then what CoreDNS was told, then what the
 * cluster says elsewhere.
 *
 * @param clusterIp empty where neither spec nor cluster tell one
 * @param placement as far as the cluster can do it
 * @param replicas of placement Cluster
 * @param sources where discovered values came from: field, then source
 */
record DnsSettings(
        String domain,
        Optional<Ip> clusterIp,
        DnsPlacement placement,
        int replicas,
        List<String> upstreams,
        List<StubDomainSpec> stubDomains,
        List<DnsHostSpec> hosts,
        PodRecords podRecords,
        int ttlSeconds,
        List<String> notTakenOver,
        List<Source> sources) {
    private static final int DNS_PORT = 53;
    private static final int DEFAULT_TTL = 30;
    private static final String DEFAULT_DOMAIN = "cluster.local";
    private static final String SPEC = "spec";
    private static final String COREFILE = "Corefile of ConfigMap kube-system/coredns";
    /** kubeadm, cmd/kubeadm/app/constants: GetDNSIP. */
    private static final int DNS_INDEX = 10;

    private static final int MAX_CONCURRENT = 1000;

    /** Where a value came from, for people. */
    record Source(String field, String from) {}

    static DnsSettings resolve(
            DnsSpec spec, CorefileTerms corefile, ClusterDns cluster, List<Cidr> serviceCidrs, int replicas) {
        List<Source> sources = new ArrayList<>();
        String domain;
        if (spec.domain() != null) {
            domain = spec.domain();
            sources.add(new Source("dns.domain", SPEC));
        } else if (corefile.domain().isPresent()) {
            domain = corefile.domain().get();
            sources.add(new Source("dns.domain", COREFILE));
        } else {
            domain = cluster.domain().orElse(DEFAULT_DOMAIN);
            sources.add(new Source("dns.domain", cluster.domain().isPresent() ? cluster.from() : "default"));
        }
        Optional<Ip> clusterIp = clusterIp(spec, cluster, serviceCidrs, sources);
        if (spec.upstreams().isEmpty() && !corefile.upstreams().isEmpty()) {
            sources.add(new Source("dns.upstreams", COREFILE));
        }
        return new DnsSettings(
                domain,
                clusterIp,
                spec.placement() == DnsPlacement.NODE_LOCAL && cluster.sameNode()
                        ? DnsPlacement.NODE_LOCAL
                        : DnsPlacement.CLUSTER,
                replicas,
                spec.upstreams().isEmpty() ? corefile.upstreams() : spec.upstreams(),
                spec.stubDomains().isEmpty() ? corefile.stubDomains() : spec.stubDomains(),
                spec.hosts().isEmpty() ? corefile.hosts() : spec.hosts(),
                Objects.requireNonNullElse(
                        spec.podRecords(), corefile.podRecords().orElse(PodRecords.INSECURE)),
                Objects.requireNonNullElse(
                        spec.ttlSeconds(), corefile.ttlSeconds().orElse(DEFAULT_TTL)),
                corefile.notTakenOver(),
                sources);
    }

    private static Optional<Ip> clusterIp(
            DnsSpec spec, ClusterDns cluster, List<Cidr> serviceCidrs, List<Source> sources) {
        Optional<Ip> said = Optional.ofNullable(spec.clusterIP()).map(Ip::parse);
        Optional<Ip> service = cluster.service().flatMap(ClusterDns.DnsService::clusterIp);
        Optional<Ip> tenth =
                serviceCidrs.stream().findFirst().map(cidr -> cidr.network().plus(DNS_INDEX));
        String from = said.isPresent()
                ? SPEC
                : service.isPresent()
                        ? "Service " + Names.DNS_NAMESPACE + "/" + Names.DNS_SERVICE
                        : cluster.address().isPresent()
                                ? "ConfigMap kube-system/kubelet-config"
                                : "tenth of the Services";
        sources.add(new Source("dns.clusterIP", from));
        return Stream.of(said, service, cluster.address(), tenth)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * What the servers are told.
     *
     * @throws IllegalArgumentException if they could not take it; the message says why
     */
    DnsConfig config(List<URI> apiServers) {
        return new DnsConfig(
                apiServers,
                domain,
                ttlSeconds,
                DnsConfig.PodsMode.valueOf(podRecords.name()),
                Names.DNS_NAMESPACE + "/" + Names.DNS_SERVICE,
                List.of(Ip.parse("::")),
                DNS_PORT,
                upstreams(upstreams),
                stubDomains.stream()
                        .map(s -> new DnsConfig.StubDomain(s.domain(), upstreams(s.servers())))
                        .toList(),
                hosts.stream()
                        .map(h -> new DnsConfig.Host(Ip.parse(h.address()), h.names()))
                        .toList(),
                DnsConfig.Cache.DEFAULT,
                MAX_CONCURRENT,
                false,
                false,
                Optional.empty(),
                List.of(),
                DnsConfig.LAME_DUCK_SECONDS);
    }

    /** The text of {@link #config}. */
    String json(List<URI> apiServers) {
        return DnsConfigJson.write(config(apiServers));
    }

    private static List<DnsConfig.Upstream> upstreams(List<String> texts) {
        return texts.stream().map(UpstreamText::parse).toList();
    }

    EffectiveDnsStatus effective(ManagementState state) {
        return new EffectiveDnsStatus(
                state,
                domain,
                clusterIp.map(Ip::toString).orElse(null),
                placement,
                placement == DnsPlacement.CLUSTER ? replicas : null,
                upstreams,
                stubDomains.stream()
                        .map(s -> new EffectiveDnsStatus.StubDomain(s.domain(), s.servers()))
                        .toList(),
                hosts.stream()
                        .map(h -> new EffectiveDnsStatus.Host(h.address(), h.names()))
                        .toList(),
                podRecords,
                ttlSeconds,
                notTakenOver);
    }
}
