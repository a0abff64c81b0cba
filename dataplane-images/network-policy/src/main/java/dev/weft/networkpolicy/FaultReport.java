package dev.weft.networkpolicy;

import dev.weft.agent.Log;
import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.EventNote;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectReference;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells people of ClusterNetworkPolicies that are not in force as they were written: a line in each node's log, once, and an
 * Event about the policy from one node, chosen so that all agree on it, and again while it lasts, as Events live for an hour.
 * One thread.
 */
final class FaultReport {
    private static final Log LOG = Log.of("network-policy");
    private static final String API = "policy.networking.k8s.io/v1alpha2";

    private final String node;
    private final Consumer<EventNote> events;
    private final Map<ObjectKey, List<String>> logged = new HashMap<>();

    FaultReport(String node, Consumer<EventNote> events) {
        this.node = node;
        this.events = events;
    }

    /** Takes what is faulty now, all of it. */
    void tell(Map<ObjectKey, ClusterNetworkPolicy> faulty, Collection<Node> nodes) {
        logged.keySet().retainAll(faulty.keySet());
        faulty.forEach((key, policy) -> {
            if (!policy.faults().equals(logged.put(key, policy.faults()))) {
                LOG.warn(
                        "a ClusterNetworkPolicy is not in force as it is written",
                        "policy",
                        key,
                        "faults",
                        policy.faults());
            }
            if (isOurs(policy, nodes)) {
                events.accept(new EventNote(
                        true,
                        new ObjectReference(API, "ClusterNetworkPolicy", "", policy.name(), policy.uid()),
                        "NotAsWritten",
                        "Enforce",
                        "Not in force as it is written. " + String.join(". ", policy.faults())));
            }
        });
    }

    /** By rendezvous among nodes that are ready: they share the work, and if one goes, only what it told is another's. */
    private boolean isOurs(ClusterNetworkPolicy policy, Collection<Node> nodes) {
        return nodes.stream()
                .min(Comparator.comparing((Node each) -> !each.ready())
                        .thenComparing(each -> Hash.of(policy.uid() + " " + each.name())))
                .filter(each -> each.name().equals(node))
                .isPresent();
    }
}
