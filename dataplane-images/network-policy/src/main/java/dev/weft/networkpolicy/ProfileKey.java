package dev.weft.networkpolicy;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What pods have in common that share a chain: the policies of a tier that apply to them in one direction, what these
 * policies' named ports are in them, and where it goes on.
 *
 * @param policies at least one: sorted, or for ClusterNetworkPolicies in the order in which they are asked
 * @param named sorted by name; empty for egress, where names are the peers' to resolve
 * @param next chain of the tier that is asked about what this one does not decide; absent where that passes, and for
 *     NetworkPolicies, which decide everything
 */
record ProfileKey(
        Tier tier, Direction direction, List<ObjectKey> policies, List<Resolved> named, Optional<String> next) {
    ProfileKey {
        policies = List.copyOf(policies);
        named = List.copyOf(named);
    }

    /** A name and its numbers, none if the pod has no such port. */
    record Resolved(NamedPort port, List<Integer> numbers) {
        Resolved {
            numbers = List.copyOf(numbers);
        }
    }

    /**
     * Of a pod, in the order in which they are asked; empty if no policy applies to it.
     *
     * @param policies the NetworkPolicies that select it
     * @param cluster the ClusterNetworkPolicies that select it
     */
    static List<ProfileKey> of(
            Direction direction, Pod pod, Collection<PolicyPlan> policies, Collection<ClusterPlan> cluster) {
        Optional<ProfileKey> later = isolation(direction, pod, policies)
                .or(() -> ordered(Tier.BASELINE, direction, pod, cluster, Optional.empty()));
        Optional<ProfileKey> first = ordered(Tier.ADMIN, direction, pod, cluster, later.map(ProfileKey::chain));
        List<ProfileKey> all = new ArrayList<>(2);
        first.ifPresent(all::add);
        later.ifPresent(all::add);
        return all;
    }

    private static Optional<ProfileKey> isolation(Direction direction, Pod pod, Collection<PolicyPlan> selecting) {
        List<PolicyPlan> isolating =
                selecting.stream().filter(policy -> policy.isolates(direction)).toList();
        if (isolating.isEmpty()) {
            return Optional.empty();
        }
        Set<NamedPort> names = new HashSet<>();
        if (direction == Direction.INGRESS) {
            isolating.forEach(policy -> names.addAll(policy.namedIngressPorts()));
        }
        return Optional.of(new ProfileKey(
                Tier.NETWORK_POLICY,
                direction,
                isolating.stream().map(PolicyPlan::key).sorted().toList(),
                resolved(names, pod),
                Optional.empty()));
    }

    private static Optional<ProfileKey> ordered(
            Tier tier, Direction direction, Pod pod, Collection<ClusterPlan> selecting, Optional<String> next) {
        List<ClusterPlan> applying = selecting.stream()
                .filter(policy ->
                        policy.tier() == tier && !policy.rules(direction).isEmpty())
                .sorted(ClusterPlan.PRECEDENCE)
                .toList();
        if (applying.isEmpty()) {
            return Optional.empty();
        }
        Set<NamedPort> names = new HashSet<>();
        if (direction == Direction.INGRESS) {
            applying.forEach(policy -> names.addAll(policy.namedIngressPorts()));
        }
        return Optional.of(new ProfileKey(
                tier, direction, applying.stream().map(ClusterPlan::key).toList(), resolved(names, pod), next));
    }

    private static List<Resolved> resolved(Set<NamedPort> names, Pod pod) {
        return names.stream()
                .sorted(Comparator.comparing(NamedPort::toString))
                .map(name -> new Resolved(name, name.numbers(pod)))
                .toList();
    }

    List<Integer> numbers(NamedPort port) {
        return named.stream()
                .filter(resolved -> resolved.port().equals(port))
                .findFirst()
                .map(Resolved::numbers)
                .orElse(List.of());
    }

    /** The chain of these pods. */
    String chain() {
        return direction.prefix() + "-" + tier.infix() + Hash.of(this.toString());
    }

    /** What becomes of traffic that no rule means. */
    Outcome end() {
        return switch (tier) {
            case NETWORK_POLICY -> new Outcome.Denied(new Denial(chain(), direction, tier, policies));
            case ADMIN, BASELINE -> next.<Outcome>map(Outcome.Next::new).orElse(Outcome.ALLOWED);
        };
    }

    @Override
    public String toString() {
        return (tier == Tier.NETWORK_POLICY ? "" : tier + " ") + direction + " " + policies
                + (named.isEmpty() ? "" : " " + named)
                + next.map(chain -> " then " + chain).orElse("");
    }
}
