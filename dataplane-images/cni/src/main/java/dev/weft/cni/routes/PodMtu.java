package dev.weft.cni.routes;

import dev.weft.config.NodeConfig;
import dev.weft.config.Routing;
import dev.weft.net.Family;
import java.util.ArrayList;
import java.util.List;

/**
 * The MTU of pod links, worked out from the uplink.
 *
 * @param pod bytes a pod's packet may have
 * @param most bytes that fit the uplink with the encapsulation in use
 * @param warnings what the user should change, in words
 */
record PodMtu(int pod, int most, List<String> warnings) {
    /** RFC 8200 section 5: every link that carries IPv6 takes packets of this size. */
    private static final int IPV6_MINIMUM = 1280;

    PodMtu {
        warnings = List.copyOf(warnings);
    }

    /** Bytes VXLAN adds to an inner IP packet: inner Ethernet 14, VXLAN 8, UDP 8, outer IP 20 or 40 (RFC 7348). */
    static int vxlanOverhead(Family underlay) {
        return switch (underlay) {
            case IPV4 -> 50;
            case IPV6 -> 70;
        };
    }

    /** The value of the configuration where it fits, else the most that does: too much would be lost without a word. */
    static PodMtu of(NodeConfig config, Uplink uplink, Family underlay) {
        int overhead = switch (config.routing()) {
            case VXLAN -> vxlanOverhead(underlay);
            case DIRECT -> 0;
        };
        int most = uplink.mtu() - overhead;
        List<String> warnings = new ArrayList<>();
        int pod = config.mtu() == 0 ? most : Math.min(config.mtu(), most);
        if (config.mtu() > most) {
            warnings.add("mtu " + config.mtu() + " does not fit " + uplink.name() + ", whose MTU is " + uplink.mtu()
                    + (config.routing() == Routing.VXLAN
                            ? ", with " + overhead + " bytes of VXLAN over " + (overhead == 50 ? "IPv4" : "IPv6")
                            : "")
                    + "; " + most + " is used: set podNetwork.mtu to " + most + " or less, or leave it out");
        }
        if (pod < IPV6_MINIMUM && config.podCidrs().stream().anyMatch(c -> c.family() == Family.IPV6)) {
            warnings.add("pod MTU " + pod + " is below the 1280 bytes that IPv6 needs: raise the MTU of "
                    + uplink.name() + (config.mtu() != 0 ? " or podNetwork.mtu" : ""));
        }
        return new PodMtu(pod, most, warnings);
    }
}
