package dev.weft.networkpolicy;

import dev.weft.kube.Change;
import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.Namespace;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Changes that were told and that the kernel does not have yet, one an object: the latest. Any thread. */
final class Pending {
    private final Latest<Pod> pods = new Latest<>();
    private final Latest<Namespace> namespaces = new Latest<>();
    private final Latest<NetworkPolicy> policies = new Latest<>();
    private final Latest<ClusterNetworkPolicy> clusterPolicies = new Latest<>();
    private final Latest<Node> nodes = new Latest<>();
    private boolean leases = true;

    synchronized void pod(Change<Pod> change) {
        pods.add(change);
    }

    synchronized void namespace(Change<Namespace> change) {
        namespaces.add(change);
    }

    synchronized void policy(Change<NetworkPolicy> change) {
        policies.add(change);
    }

    synchronized void clusterPolicy(Change<ClusterNetworkPolicy> change) {
        clusterPolicies.add(change);
    }

    synchronized void node(Change<Node> change) {
        nodes.add(change);
    }

    synchronized void leases() {
        leases = true;
    }

    /** What was there before the changes; a change that was told already counts more. */
    synchronized void known(Inputs inputs) {
        pods.known(inputs.pods().snapshot().objects());
        namespaces.known(inputs.namespaces().snapshot().objects());
        policies.known(inputs.policies().snapshot().objects());
        clusterPolicies.known(inputs.clusterPolicies().snapshot().objects());
        nodes.known(inputs.nodes().snapshot().objects());
    }

    /**
     * What gathered since it was taken last.
     *
     * @param current the leases, asked for once it is certain that a later change of them is told again
     */
    Batch take(Supplier<Map<ObjectKey, List<Ip>>> current) {
        boolean changed;
        Batch taken;
        synchronized (this) {
            changed = leases;
            leases = false;
            taken = new Batch(
                    pods.take(),
                    namespaces.take(),
                    policies.take(),
                    clusterPolicies.take(),
                    nodes.take(),
                    Optional.empty());
        }
        return changed ? taken.withLeases(current.get()) : taken;
    }
}
