package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.ClusterNetworkPolicy.Action;
import dev.weft.kube.ObjectKey;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A ClusterNetworkPolicy with its peers resolved to selections and addresses.
 *
 * @param tier {@link Tier#ADMIN} or {@link Tier#BASELINE}
 * @param subject the pods that it applies to; absent for none
 * @param ingress rules in the order of the API
 * @param egress likewise
 */
record ClusterPlan(
        ObjectKey key, Tier tier, int priority, Optional<PodSelection> subject, List<Rule> ingress, List<Rule> egress) {

    /** In which order those of a tier are asked. The API leaves open what goes for equal priorities: names. */
    static final Comparator<ClusterPlan> PRECEDENCE =
            Comparator.comparingInt(ClusterPlan::priority).thenComparing(ClusterPlan::key);

    ClusterPlan {
        ingress = List.copyOf(ingress);
        egress = List.copyOf(egress);
    }

    /** @param name for people; may be empty */
    record Rule(String name, Action action, PolicyPlan.Rule traffic) {}

    static ClusterPlan of(ClusterNetworkPolicy policy) {
        return new ClusterPlan(
                policy.key(),
                Tier.of(policy.tier()),
                policy.priority(),
                policy.subject().map(subject -> PodSelection.of(subject.namespaces(), subject.pods())),
                rules(policy.ingress()),
                rules(policy.egress()));
    }

    private static List<Rule> rules(List<ClusterNetworkPolicy.Rule> rules) {
        return rules.stream()
                .map(rule ->
                        new Rule(rule.name(), rule.action(), new PolicyPlan.Rule(rule.ports(), Peers.of(rule.peers()))))
                .toList();
    }

    List<Rule> rules(Direction direction) {
        return direction == Direction.INGRESS ? ingress : egress;
    }

    boolean selects(String namespace, Map<String, String> namespaceLabels, Map<String, String> podLabels) {
        return subject.filter(pods -> pods.matches(namespace, namespaceLabels, podLabels))
                .isPresent();
    }

    /** As {@link PolicyPlan#namedIngressPorts}. */
    Set<NamedPort> namedIngressPorts() {
        Set<NamedPort> names = new HashSet<>();
        ingress.forEach(rule -> names.addAll(rule.traffic().names()));
        return names;
    }
}
