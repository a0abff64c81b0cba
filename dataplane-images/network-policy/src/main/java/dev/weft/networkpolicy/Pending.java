package dev.weft.networkpolicy;

import dev.weft.kube.Change;
import dev.weft.kube.Namespace;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Ip;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Changes that were told and that the kernel does not have yet, one an object: the latest. Any thread. */
final class Pending {
    private Map<ObjectKey, Optional<Pod>> pods = new HashMap<>();
    private Map<ObjectKey, Optional<Namespace>> namespaces = new HashMap<>();
    private Map<ObjectKey, Optional<NetworkPolicy>> policies = new HashMap<>();
    private boolean leases = true;

    synchronized void pod(Change<Pod> change) {
        pods.put(change.key(), change.after());
    }

    synchronized void namespace(Change<Namespace> change) {
        namespaces.put(change.key(), change.after());
    }

    synchronized void policy(Change<NetworkPolicy> change) {
        policies.put(change.key(), change.after());
    }

    synchronized void leases() {
        leases = true;
    }

    /** What was there before the changes; a change that was told already counts more. */
    synchronized void known(
            Map<ObjectKey, Pod> podsBefore,
            Map<ObjectKey, Namespace> namespacesBefore,
            Map<ObjectKey, NetworkPolicy> policiesBefore) {
        podsBefore.forEach((key, value) -> pods.putIfAbsent(key, Optional.of(value)));
        namespacesBefore.forEach((key, value) -> namespaces.putIfAbsent(key, Optional.of(value)));
        policiesBefore.forEach((key, value) -> policies.putIfAbsent(key, Optional.of(value)));
    }

    /**
     * What gathered since it was taken last.
     *
     * @param current the leases, asked for once it is certain that a later change of them is told again
     */
    Batch take(Supplier<Map<ObjectKey, List<Ip>>> current) {
        boolean changed;
        Map<ObjectKey, Optional<Pod>> takenPods;
        Map<ObjectKey, Optional<Namespace>> takenNamespaces;
        Map<ObjectKey, Optional<NetworkPolicy>> takenPolicies;
        synchronized (this) {
            takenPods = pods;
            takenNamespaces = namespaces;
            takenPolicies = policies;
            changed = leases;
            pods = new HashMap<>();
            namespaces = new HashMap<>();
            policies = new HashMap<>();
            leases = false;
        }
        return new Batch(
                takenPods, takenNamespaces, takenPolicies, changed ? Optional.of(current.get()) : Optional.empty());
    }
}
