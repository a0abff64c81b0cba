package dev.weft.kube;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Optional;

/**
 * A Service (core/v1), as far as a node's service proxy is concerned.
 *
 * @param key namespace and name
 * @param type empty where the API server gave none
 * @param clusterIps {@code spec.clusterIPs}, at most one a family; empty for headless Services and of type ExternalName
 * @param ports in the order of the API
 * @param external how the Service is reached from outside of the cluster; {@link External#NONE} for most
 * @param internalLocal whether {@code internalTrafficPolicy} is {@code Local}
 * @param affinitySeconds how long a client stays with its endpoint, 0 for no affinity
 */
public record Service(
        ObjectKey key,
        String type,
        List<Ip> clusterIps,
        List<Port> ports,
        External external,
        boolean internalLocal,
        int affinitySeconds) {

    public Service {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
    }

    /** The ClusterIP of a family. */
    public Optional<Ip> clusterIp(Family family) {
        for (Ip ip : clusterIps) {
            if (ip.family() == family) {
                return Optional.of(ip);
            }
        }
        return Optional.empty();
    }

    /** Whether endpoints can be reached through it by way of a node: neither headless nor ExternalName. */
    public boolean isProxied() {
        return !clusterIps.isEmpty() && !type.equals("ExternalName");
    }

    /**
     * @param name empty if the Service has one port without a name
     * @param protocol IP protocol number: 6, 17 or 132; 0 for one that this release does not know
     * @param port 1 to 65535
     * @param nodePort 0 for none
     */
    public record Port(String name, int protocol, int port, int nodePort) {}

    /**
     * @param ips {@code spec.externalIPs}
     * @param loadBalancerIps addresses of {@code status.loadBalancer.ingress} that keep the Service's address in packets
     *     ({@code ipMode: VIP}); those of {@code ipMode: Proxy} are left out
     * @param sourceRanges {@code spec.loadBalancerSourceRanges}; empty: from everywhere
     * @param local whether {@code externalTrafficPolicy} is {@code Local}
     * @param healthCheckNodePort 0 for none
     */
    public record External(
            List<Ip> ips, List<Ip> loadBalancerIps, List<Cidr> sourceRanges, boolean local, int healthCheckNodePort) {
        public static final External NONE = new External(List.of(), List.of(), List.of(), false, 0);

        public External {
            ips = List.copyOf(ips);
            loadBalancerIps = List.copyOf(loadBalancerIps);
            sourceRanges = List.copyOf(sourceRanges);
        }
    }
}
