package dev.weft.cni.routes;

import dev.weft.config.NodeConfig;
import dev.weft.config.Routing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Clusters by seed, with nodes that lack something, overlap or moved. */
final class RandomCluster {
    private RandomCluster() {}

    static NodeConfig config(Random random) {
        return Cluster.config(
                random.nextBoolean() ? Routing.VXLAN : Routing.DIRECT,
                random.nextBoolean(),
                random.nextBoolean() ? 0 : 1200 + random.nextInt(400),
                Cluster.DUAL);
    }

    static NodeInfo self(Random random) {
        return node(random, "self", 11);
    }

    static List<NodeInfo> nodes(Random random) {
        List<NodeInfo> nodes = new ArrayList<>();
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            nodes.add(node(random, "n" + i, 20 + random.nextInt(12)));
        }
        return nodes;
    }

    private static NodeInfo node(Random random, String name, int host) {
        List<String> items = new ArrayList<>();
        items.add("172." + (18 + random.nextInt(2)) + ".0." + host);
        if (random.nextInt(4) > 0) {
            items.add("fd00:18::" + host);
        }
        int slot = random.nextInt(12);
        if (random.nextInt(6) > 0) {
            items.add(random.nextInt(5) > 0 ? "10.244." + slot + ".0/24" : "10.244." + (slot & ~3) + ".0/22");
        }
        if (random.nextInt(4) > 0) {
            items.add("fd00:244:0:" + slot + "::/64");
        }
        return Cluster.node(name, Instant.ofEpochSecond(random.nextInt(5)), items.toArray(String[]::new));
    }
}
