package dev.weft.e2e.lab;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be installed in a lab, for comparison or as a stand-in for a part of Weft. */
public enum Peer {
    /** Services by kube-proxy in nftables mode. */
    KUBE_PROXY(false),
    /** NetworkPolicies by kube-router, with iptables and ipset. */
    KUBE_ROUTER(false),
    /** Cluster DNS. */
    COREDNS(false),
    /** Pod network of the reference plugins ptp, host-local and portmap, with static routes between nodes. */
    PTP(true),
    /** Pod network of the reference plugins bridge, host-local and portmap, with static routes between nodes. */
    BRIDGE(true),
    /** flanneld with VXLAN, and the reference plugin bridge, to which its own plugin delegates. */
    FLANNEL(true);

    private final boolean podNetwork;

    Peer(boolean podNetwork) {
        this.podNetwork = podNetwork;
    }

    /** Whether it is a pod network, of which a cluster has one. */
    public boolean podNetwork() {
        return podNetwork;
    }

    /** The name on the command line, such as {@code kube-proxy}. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The peer with the name on the command line. */
    public static Peer parse(String option) {
        return Arrays.stream(values())
                .filter(p -> p.option().equals(option))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no peer '" + option + "'; there are "
                        + Arrays.stream(values()).map(Peer::option).collect(Collectors.joining(", "))));
    }

    /**
     * Checks that the peers go together.
     *
     * @throws IllegalArgumentException if there are two pod networks among them
     */
    public static void checkCompatible(Set<Peer> peers) {
        Set<Peer> networks = peers.stream().filter(Peer::podNetwork).collect(Collectors.toSet());
        if (networks.size() > 1) {
            throw new IllegalArgumentException("a cluster has one pod network, not "
                    + networks.stream().map(Peer::option).sorted().collect(Collectors.joining(" and ")));
        }
    }
}
