package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Policies of both kinds, and which of them select the pods of a class. Only classes with own pods are asked. */
final class Policies implements Profile.Plans {
    private final Map<ObjectKey, PolicyPlan> policies = new HashMap<>();
    private final Map<String, TreeMap<ObjectKey, PolicyPlan>> policiesOf = new HashMap<>();
    private final Map<ObjectKey, ClusterPlan> clusterPolicies = new HashMap<>();
    private final Map<ObjectKey, ClusterNetworkPolicy> faulty = new HashMap<>();

    /**
     * Takes a change in.
     *
     * @param classes of the policy's namespace
     * @param concerned is told of each class that it selects or selected
     * @return whether anything changed
     */
    boolean change(
            ObjectKey key, Optional<NetworkPolicy> policy, Collection<PodClass> classes, Consumer<PodClass> concerned) {
        Optional<PolicyPlan> now = policy.map(PolicyPlan::of);
        PolicyPlan before = policies.get(key);
        if (now.equals(Optional.ofNullable(before))) {
            return false;
        }
        TreeMap<ObjectKey, PolicyPlan> neighbours =
                policiesOf.computeIfAbsent(key.namespace(), namespace -> new TreeMap<>());
        now.ifPresentOrElse(
                plan -> {
                    policies.put(key, plan);
                    neighbours.put(key, plan);
                },
                () -> {
                    policies.remove(key);
                    neighbours.remove(key);
                });
        for (PodClass podClass : classes) {
            boolean selected = podClass.selecting.remove(key) != null;
            if (now.isPresent() && podClass.own > 0 && now.get().pods().matches(podClass.key.labels())) {
                podClass.selecting.put(key, now.get());
                selected = true;
            }
            if (selected) {
                concerned.accept(podClass);
            }
        }
        return true;
    }

    /**
     * Takes a change in.
     *
     * @param classes all
     * @param labels those of a namespace
     * @param concerned is told of each class that it applies or applied to
     * @return whether anything changed
     */
    boolean changeClusterPolicy(
            ObjectKey key,
            Optional<ClusterNetworkPolicy> policy,
            Collection<PodClass> classes,
            Function<String, Map<String, String>> labels,
            Consumer<PodClass> concerned) {
        policy.filter(given -> !given.faults().isEmpty())
                .ifPresentOrElse(given -> faulty.put(key, given), () -> faulty.remove(key));
        Optional<ClusterPlan> now = policy.map(ClusterPlan::of);
        ClusterPlan before = clusterPolicies.get(key);
        if (now.equals(Optional.ofNullable(before))) {
            return false;
        }
        now.ifPresentOrElse(plan -> clusterPolicies.put(key, plan), () -> clusterPolicies.remove(key));
        for (PodClass podClass : classes) {
            boolean applied = podClass.clusterPolicies.remove(key) != null;
            if (now.isPresent() && podClass.own > 0 && applies(now.get(), podClass, labels)) {
                podClass.clusterPolicies.put(key, now.get());
                applied = true;
            }
            if (applied) {
                concerned.accept(podClass);
            }
        }
        return true;
    }

    private static boolean applies(ClusterPlan plan, PodClass podClass, Function<String, Map<String, String>> labels) {
        String namespace = podClass.key.namespace();
        return plan.selects(namespace, labels.apply(namespace), podClass.key.labels());
    }

    /** Asks all policies about a class that has own pods from now on. */
    void select(PodClass podClass, Function<String, Map<String, String>> labels) {
        policiesOf.getOrDefault(podClass.key.namespace(), new TreeMap<>()).forEach((key, plan) -> {
            if (plan.pods().matches(podClass.key.labels())) {
                podClass.selecting.put(key, plan);
            }
        });
        selectClusterPolicies(podClass, labels);
    }

    /** Asks again about a class whose namespace has other labels now; whether the answer is another. */
    boolean reselect(PodClass podClass, Function<String, Map<String, String>> labels) {
        Map<ObjectKey, ClusterPlan> before = Map.copyOf(podClass.clusterPolicies);
        podClass.clusterPolicies.clear();
        selectClusterPolicies(podClass, labels);
        return !podClass.clusterPolicies.equals(before);
    }

    private void selectClusterPolicies(PodClass podClass, Function<String, Map<String, String>> labels) {
        clusterPolicies.forEach((key, plan) -> {
            if (applies(plan, podClass, labels)) {
                podClass.clusterPolicies.put(key, plan);
            }
        });
    }

    Optional<PolicyPlan> find(ObjectKey key) {
        return Optional.ofNullable(policies.get(key));
    }

    Optional<ClusterPlan> findClusterPolicy(ObjectKey key) {
        return Optional.ofNullable(clusterPolicies.get(key));
    }

    @Override
    public PolicyPlan policy(ObjectKey key) {
        return find(key).orElseThrow(() -> new IllegalStateException("no policy " + key));
    }

    @Override
    public ClusterPlan clusterPolicy(ObjectKey key) {
        return findClusterPolicy(key).orElseThrow(() -> new IllegalStateException("no cluster policy " + key));
    }

    /** ClusterNetworkPolicies that are not in force as they were written. */
    Map<ObjectKey, ClusterNetworkPolicy> faulty() {
        return faulty;
    }

    int size() {
        return policies.size();
    }

    int clusterSize() {
        return clusterPolicies.size();
    }
}
