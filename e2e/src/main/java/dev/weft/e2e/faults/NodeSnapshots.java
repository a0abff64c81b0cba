package dev.weft.e2e.faults;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What all nodes look like at one moment. */
record NodeSnapshots(Map<NodeName, NodeSnapshot> nodes) {
    static NodeSnapshots of(Lab lab) {
        Map<NodeName, NodeSnapshot> nodes = new TreeMap<>();
        lab.nodes().forEach(node -> nodes.put(node.name(), NodeSnapshot.of(node)));
        return new NodeSnapshots(nodes);
    }

    /** What changed on the nodes that are in both, a line each; see {@link NodeSnapshot#changesSince}. */
    List<String> changesSince(NodeSnapshots before) {
        return changesSince(before, all -> all);
    }

    /** Like {@link #changesSince(NodeSnapshots)}, of a part of each snapshot. */
    List<String> changesSince(NodeSnapshots before, UnaryOperator<NodeSnapshot> part) {
        List<String> changes = new ArrayList<>();
        nodes.forEach((name, now) -> {
            NodeSnapshot then = before.nodes.get(name);
            if (then != null) {
                part.apply(now).changesSince(part.apply(then)).forEach(line -> changes.add(name + " " + line));
            }
        });
        return changes;
    }

    /** The same moment, of one node. */
    NodeSnapshots only(NodeName name) {
        Map<NodeName, NodeSnapshot> one = new TreeMap<>(nodes);
        one.keySet().retainAll(List.of(name));
        return new NodeSnapshots(one);
    }

    int lines() {
        return nodes.values().stream().mapToInt(NodeSnapshot::lines).sum();
    }
}
