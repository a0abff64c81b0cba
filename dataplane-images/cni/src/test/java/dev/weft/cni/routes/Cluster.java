package dev.weft.cni.routes;

import dev.weft.config.NodeConfig;
import dev.weft.config.Routing;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Configurations, nodes and uplinks of the examples. */
final class Cluster {
    static final List<String> DUAL = List.of("10.244.0.0/16", "fd00:244::/56");

    private Cluster() {}

    static NodeConfig config(Routing routing, boolean directWithinSubnet, int mtu, List<String> podCidrs) {
        return new NodeConfig(
                "0.1.0",
                "r1",
                List.of(URI.create("https://192.0.2.1:6443")),
                podCidrs.stream().map(Cidr::parse).toList(),
                routing,
                new NodeConfig.Vxlan(1, 8472, directWithinSubnet),
                mtu,
                new NodeConfig.Masquerade(true, List.of()),
                NodeConfig.ServiceProxy.DISABLED);
    }

    static NodeConfig vxlan() {
        return config(Routing.VXLAN, false, 0, DUAL);
    }

    static NodeConfig direct() {
        return config(Routing.DIRECT, false, 0, DUAL);
    }

    /** Addresses and prefixes in one list: those with a slash are podCIDRs. */
    static NodeInfo node(String name, String... addressesAndCidrs) {
        return node(name, Instant.EPOCH, addressesAndCidrs);
    }

    static NodeInfo node(String name, Instant created, String... addressesAndCidrs) {
        Stream<String> all = Arrays.stream(addressesAndCidrs);
        List<String> items = all.toList();
        return new NodeInfo(
                name,
                created,
                items.stream().filter(i -> !i.contains("/")).map(Ip::parse).toList(),
                items.stream().filter(i -> i.contains("/")).map(Cidr::parse).toList());
    }

    static Uplink uplink(String... addresses) {
        return uplink(1500, addresses);
    }

    static Uplink uplink(int mtu, String... addresses) {
        return new Uplink(
                "eth0",
                mtu,
                Arrays.stream(addresses).map(Cluster::interfaceAddress).toList(),
                false,
                false);
    }

    private static InterfaceAddress interfaceAddress(String text) {
        int slash = text.indexOf('/');
        return new InterfaceAddress(Ip.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }
}
