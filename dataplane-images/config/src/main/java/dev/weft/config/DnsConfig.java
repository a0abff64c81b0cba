package dev.weft.config;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a DNS server is told. It may change under a running server, except for listen and port.
 *
 * @param apiServers base URLs, tried in order; never empty
 * @param domain the cluster's, such as {@code cluster.local}
 * @param ttl seconds of the cluster's records, 0 to 3600
 * @param podsMode whether {@code a-b-c-d.namespace.pod.<domain>} exists
 * @param dnsService {@code namespace/name} of the Service in front of the servers
 * @param listen addresses; {@code ::} for all of both families
 * @param upstreams for all names that nobody else is named for; empty for those of {@code /etc/resolv.conf}
 * @param stubDomains domains with servers of their own; the longest that fits is asked
 * @param hosts names with addresses of their own
 * @param autopath whether the search list of pods is walked here; needs Pods to be watched
 * @param queryLog whether every question that is not answered from memory is logged
 * @param dns64 prefix in which names without IPv6 addresses get some (RFC 6147), such as {@code 64:ff9b::/96}; its length
 *     is one of RFC 6052's
 * @param transferTo who may have the cluster's zone as a whole (AXFR); nobody if empty
 * @param lameDuckSeconds how long it goes on answering after it was told to stop, 0 to 60
 */
public record DnsConfig(
        List<URI> apiServers,
        String domain,
        int ttl,
        PodsMode podsMode,
        String dnsService,
        List<Ip> listen,
        int port,
        List<Upstream> upstreams,
        List<StubDomain> stubDomains,
        List<Host> hosts,
        Cache cache,
        int maxConcurrent,
        boolean autopath,
        boolean queryLog,
        Optional<Cidr> dns64,
        List<Cidr> transferTo,
        int lameDuckSeconds) {
    /**
     * Long enough for the kubelet to see that a server is not ready any more, three probes of two seconds, and for every node
     * to hear of it: until then a client whose port was in use shortly before is led to the server that it had (conntrack).
     */
    public static final int LAME_DUCK_SECONDS = 10;

    private static final Set<Integer> DNS64_LENGTHS = Set.of(32, 40, 48, 56, 64, 96);

    /** Which names of pods there are. */
    public enum PodsMode {
        DISABLED,
        INSECURE,
        VERIFIED
    }

    /** How an upstream server is asked. */
    public enum Protocol {
        /** With TCP for what does not fit. */
        UDP,
        TCP,
        /** RFC 7858. */
        TLS
    }

    /**
     * A server to ask.
     *
     * @param serverName what its certificate must say, for {@link Protocol#TLS}; empty for its address
     */
    public record Upstream(Protocol protocol, Ip ip, int port, String serverName) {
        public Upstream {
            checkPort(port);
        }

        /** The server at an address that is asked over UDP. */
        public static Upstream udp(Ip ip) {
            return new Upstream(Protocol.UDP, ip, 53, "");
        }
    }

    /** A domain and those who know about it. */
    public record StubDomain(String domain, List<Upstream> upstreams) {
        public StubDomain {
            upstreams = List.copyOf(upstreams);
            if (upstreams.isEmpty()) {
                throw new IllegalArgumentException("stub domain " + domain + " has no upstreams");
            }
        }
    }

    /** An address and its names, as in {@code /etc/hosts}. */
    public record Host(Ip ip, List<String> names) {
        public Host {
            names = List.copyOf(names);
        }
    }

    /**
     * What is kept of other servers' answers.
     *
     * @param entries 0 for nothing, at most a million
     * @param maxTtl seconds, whatever the answer says
     * @param staleSeconds how long after its time an answer is still given if nobody can be asked; 0 for never
     */
    public record Cache(int entries, int maxTtl, int staleSeconds) {
        public static final Cache DEFAULT = new Cache(10_000, 3600, 3600);

        public Cache {
            if (entries < 0 || entries > 1_000_000 || maxTtl < 0 || staleSeconds < 0) {
                throw new IllegalArgumentException(
                        "no cache of " + entries + " entries for " + maxTtl + " and " + staleSeconds + " seconds");
            }
        }
    }

    /** Without DNS64 and transfers, and with the usual time to stop. */
    public DnsConfig(
            List<URI> apiServers,
            String domain,
            int ttl,
            PodsMode podsMode,
            String dnsService,
            List<Ip> listen,
            int port,
            List<Upstream> upstreams,
            List<StubDomain> stubDomains,
            List<Host> hosts,
            Cache cache,
            int maxConcurrent,
            boolean autopath,
            boolean queryLog) {
        this(
                apiServers,
                domain,
                ttl,
                podsMode,
                dnsService,
                listen,
                port,
                upstreams,
                stubDomains,
                hosts,
                cache,
                maxConcurrent,
                autopath,
                queryLog,
                Optional.empty(),
                List.of(),
                LAME_DUCK_SECONDS);
    }

    public DnsConfig {
        transferTo = List.copyOf(transferTo);
        apiServers = List.copyOf(apiServers);
        listen = List.copyOf(listen);
        upstreams = List.copyOf(upstreams);
        stubDomains = List.copyOf(stubDomains);
        hosts = List.copyOf(hosts);
        if (apiServers.isEmpty()) {
            throw new IllegalArgumentException("apiServers is empty: the server needs an address of the API server");
        }
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("listen is empty");
        }
        if (ttl < 0 || ttl > 3600) {
            throw new IllegalArgumentException("ttl " + ttl + " is not between 0 and 3600");
        }
        if (domain.isBlank() || domain.equals(".")) {
            throw new IllegalArgumentException("domain '" + domain + "' is no cluster domain");
        }
        if (!dnsService.matches("[^/]+/[^/]+")) {
            throw new IllegalArgumentException("dnsService '" + dnsService + "' is not namespace/name");
        }
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("maxConcurrent " + maxConcurrent + " is below 1");
        }
        if (dns64.isPresent()
                && (dns64.get().family() != Family.IPV6
                        || !DNS64_LENGTHS.contains(dns64.get().length()))) {
            throw new IllegalArgumentException(
                    "dns64 " + dns64.get() + " is no IPv6 prefix of length 32, 40, 48, 56, 64 or 96");
        }
        if (lameDuckSeconds < 0 || lameDuckSeconds > 60) {
            throw new IllegalArgumentException("lameDuckSeconds " + lameDuckSeconds + " is not between 0 and 60");
        }
        checkPort(port);
    }

    private static void checkPort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }
}
