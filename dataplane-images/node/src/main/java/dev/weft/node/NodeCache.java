package dev.weft.node;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.weft.cni.routes.Learned;
import dev.weft.cni.routes.NodeInfo;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a restart needs while the API server is away, so that it changes nothing: the nodes as last seen, and what the
 * probes had learned.
 *
 * @param nodes all nodes, this one included
 * @param learned what probes found out
 */
record NodeCache(List<NodeInfo> nodes, Learned learned) {
    NodeCache {
        nodes = nodes.stream().sorted(Comparator.comparing(NodeInfo::name)).toList();
    }

    static NodeCache of(Collection<NodeInfo> nodes, Learned learned) {
        return new NodeCache(List.copyOf(nodes), learned);
    }

    /** The same value gives the same text. */
    String json() {
        List<Map<String, Object>> items = nodes.stream()
                .map(node -> (Map<String, Object>) new TreeMap<String, Object>(Map.of(
                        "name", node.name(),
                        "created", node.created().toString(),
                        "internalIPs",
                                node.internalIps().stream().map(Ip::toString).toList(),
                        "podCIDRs", node.podCidrs().stream().map(Cidr::toString).toList())))
                .toList();
        try {
            return JSON.std.asString(new TreeMap<>(Map.of(
                    "version",
                    1,
                    "nodes",
                    items,
                    "peerMtus",
                    new TreeMap<>(learned.peerMtus()),
                    "checksumTrouble",
                    learned.checksumTrouble())));
        } catch (IOException e) {
            throw new IllegalStateException("maps, lists, strings and numbers always have a JSON text", e);
        }
    }

    /**
     * Reads what {@link #json()} wrote.
     *
     * @throws CacheFormatException if it is anything else
     */
    static NodeCache parse(String json) throws CacheFormatException {
        try {
            Map<String, Object> root = JSON.std.mapFrom(json);
            if (!Integer.valueOf(1).equals(root.get("version"))) {
                throw new CacheFormatException("version " + root.get("version") + " is not 1", null);
            }
            List<NodeInfo> nodes = list(root, "nodes").stream()
                    .map(item -> node((Map<?, ?>) item))
                    .toList();
            TreeMap<String, Integer> mtus = new TreeMap<>();
            ((Map<?, ?>) root.getOrDefault("peerMtus", Map.of()))
                    .forEach((name, mtu) -> mtus.put((String) name, (Integer) mtu));
            return new NodeCache(nodes, new Learned(mtus, Boolean.TRUE.equals(root.get("checksumTrouble"))));
        } catch (IOException | RuntimeException e) {
            throw new CacheFormatException("not a cache of nodes: " + e.getMessage(), e);
        }
    }

    private static NodeInfo node(Map<?, ?> item) {
        return new NodeInfo(
                string(item, "name"),
                Instant.parse(string(item, "created")),
                list(item, "internalIPs").stream()
                        .map(ip -> Ip.parse((String) ip))
                        .toList(),
                list(item, "podCIDRs").stream()
                        .map(cidr -> Cidr.parse((String) cidr))
                        .toList());
    }

    private static String string(Map<?, ?> object, String field) {
        if (object.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no " + field);
    }

    private static List<?> list(Map<?, ?> object, String field) {
        return object.get(field) instanceof List<?> list ? list : List.of();
    }
}
