package dev.weft.networkpolicy;

import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster's nodes, as peers of rules. */
final class NodePeers {
    private final Map<ObjectKey, Node> nodes = new HashMap<>();

    /** Takes a change in, and tells the groups that mean the node. */
    void change(ObjectKey key, Optional<Node> now, Collection<GroupState> groups, Effect effect) {
        Optional<Node> before = Optional.ofNullable(now.isPresent() ? nodes.put(key, now.get()) : nodes.remove(key));
        for (GroupState group : groups) {
            List<Ip> was = addresses(before, group.group);
            List<Ip> is = addresses(now, group.group);
            if (was.equals(is)) {
                continue;
            }
            group.remove(was);
            group.add(is);
            group.changed(effect);
        }
    }

    private static List<Ip> addresses(Optional<Node> node, PodGroup group) {
        return node.filter(there -> group.matches(there.labels()))
                .map(Node::addresses)
                .orElse(List.of());
    }

    /** A group that came into use gets its nodes. */
    void populate(GroupState group) {
        nodes.values().forEach(node -> group.add(addresses(Optional.of(node), group.group)));
    }

    List<Node> at(Ip ip) {
        return nodes.values().stream()
                .filter(node -> node.addresses().contains(ip))
                .toList();
    }

    Collection<Node> all() {
        return nodes.values();
    }
}
