package dev.weft.networkpolicy;

import dev.weft.kube.LabelSelector;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.ObjectKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A NetworkPolicy with its peers resolved to selections and addresses.
 *
 * @param ingress rules in the order of the API; empty also when the policy does not isolate that way
 * @param egress likewise
 */
record PolicyPlan(
        ObjectKey key,
        LabelSelector pods,
        boolean isolatesIngress,
        boolean isolatesEgress,
        List<Rule> ingress,
        List<Rule> egress) {

    /**
     * @param ports empty for traffic of every kind
     */
    record Rule(List<NetworkPolicy.Port> ports, Peers peers) {
        Rule {
            ports = List.copyOf(ports);
        }

        Set<NamedPort> names() {
            Set<NamedPort> names = new HashSet<>();
            for (NetworkPolicy.Port port : ports) {
                if (port instanceof NetworkPolicy.Port.Named(int protocol, String name)) {
                    names.add(new NamedPort(protocol, name));
                }
            }
            return names;
        }
    }

    static PolicyPlan of(NetworkPolicy policy) {
        return new PolicyPlan(
                policy.key(),
                policy.pods(),
                policy.isolatesIngress(),
                policy.isolatesEgress(),
                rules(policy.ingress(), policy),
                rules(policy.egress(), policy));
    }

    private static List<Rule> rules(List<NetworkPolicy.Rule> rules, NetworkPolicy policy) {
        String home = policy.key().namespace();
        return rules.stream()
                .map(rule -> new Rule(rule.ports(), Peers.of(rule.peers(), home)))
                .toList();
    }

    boolean isolates(Direction direction) {
        return direction == Direction.INGRESS ? isolatesIngress : isolatesEgress;
    }

    List<Rule> rules(Direction direction) {
        return direction == Direction.INGRESS ? ingress : egress;
    }

    /** The names of ports that the selected pods have to resolve; those of egress are the peers' to resolve. */
    Set<NamedPort> namedIngressPorts() {
        Set<NamedPort> names = new HashSet<>();
        ingress.forEach(rule -> names.addAll(rule.names()));
        return names;
    }
}
