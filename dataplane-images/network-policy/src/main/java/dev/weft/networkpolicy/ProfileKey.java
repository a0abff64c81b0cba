package dev.weft.networkpolicy;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What pods have in common that share a chain: the policies that isolate them in one direction, and what these policies'
 * named ports are in them.
 *
 * @param policies sorted, at least one
 * @param named sorted by name; empty for egress, where names are the peers' to resolve
 */
record ProfileKey(Direction direction, List<ObjectKey> policies, List<Resolved> named) {
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
     * Of a pod; absent if nothing isolates it.
     *
     * @param selecting the policies that select it
     */
    static Optional<ProfileKey> of(Direction direction, Pod pod, Collection<PolicyPlan> selecting) {
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
                direction,
                isolating.stream().map(PolicyPlan::key).sorted().toList(),
                names.stream()
                        .sorted(Comparator.comparing(NamedPort::toString))
                        .map(name -> new Resolved(name, name.numbers(pod)))
                        .toList()));
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
        return direction.prefix() + "-" + Hash.of(this.toString());
    }

    @Override
    public String toString() {
        return direction + " " + policies + (named.isEmpty() ? "" : " " + named);
    }
}
