package dev.weft.cni.routes;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.Optional;

/**
 * A route of the main table that bears our protocol number.
 *
 * @param destination prefix it leads to
 * @param target where it leads
 * @param metric preference, lower wins; with the destination the key of a route
 */
public record Route(Cidr destination, Target target, long metric) {
    /** {@code RTPROT_*} (linux/rtnetlink.h) of our routes; by it we know them from everybody else's. */
    public static final int PROTOCOL = 87;

    /** Metric of routes to other nodes; not the default one, so that a route of the administrator is never replaced. */
    public static final long METRIC = 87;

    /** Metric of the route that ends packets for addresses of this node that no pod holds. */
    public static final long LAST_RESORT_METRIC = 8700;

    /** Where a route leads. */
    public sealed interface Target {}

    /**
     * @param gateway next hop
     * @param device name of the interface towards it
     * @param onlink whether the gateway is on the link although no address of the interface says so
     * @param mtu largest packet in bytes that may take it, 0 for the device's
     */
    public record Via(Ip gateway, String device, boolean onlink, int mtu) implements Target {
        @Override
        public String toString() {
            return "via " + gateway + " dev " + device + (onlink ? " onlink" : "") + (mtu == 0 ? "" : " mtu " + mtu);
        }
    }

    /** Packets are answered with ICMP host unreachable. */
    public record Unreachable() implements Target {
        @Override
        public String toString() {
            return "unreachable";
        }
    }

    /** What tells two routes of the kernel apart. */
    record Key(Cidr destination, long metric) {}

    Key key() {
        return new Key(destination, metric);
    }

    Optional<String> device() {
        return target instanceof Via via ? Optional.of(via.device()) : Optional.empty();
    }

    @Override
    public String toString() {
        return "route " + destination + " " + target + " metric " + metric;
    }
}
