package dev.weft.networkpolicy;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pods of one namespace with the same labels: selectors are asked once for all of them, and not again when one of them
 * comes or goes.
 */
final class PodClass {
    /** What makes the class. */
    record Key(String namespace, Map<String, String> labels) {
        static Key of(Pod pod) {
            return new Key(pod.key().namespace(), pod.labels());
        }
    }

    final Key key;
    final Map<ObjectKey, Pod> members = new HashMap<>();

    /** The groups in use that mean these pods. */
    final Set<GroupState> groups = new HashSet<>();

    /** The policies that select these pods. Kept while there are own ones of them. */
    final TreeMap<ObjectKey, PolicyPlan> selecting = new TreeMap<>();

    /** The ClusterNetworkPolicies that apply to these pods. Kept likewise. */
    final Map<ObjectKey, ClusterPlan> clusterPolicies = new HashMap<>();

    int own;

    PodClass(Key key) {
        this.key = key;
    }
}
