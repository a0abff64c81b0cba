package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy.Action;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says for people whether a connection passes and by which rule of which policy. Pure; goes by the same profiles. */
final class Trace {
    private final Model model;

    Trace(Model model) {
        this.model = model;
    }

    /** A connection as one of its ends sees it. */
    private record Connection(Direction direction, Ip own, Ip peer, int protocol, int port) {
        Ip destination() {
            return direction == Direction.INGRESS ? own : peer;
        }

        String side() {
            return direction == Direction.INGRESS ? "ingress" : "egress";
        }
    }

    /** What a rule of a ClusterNetworkPolicy says, and which it is. */
    private record Decision(Action action, String rule) {}

    /**
     * @param destination behind a Service's translation: policies see pods
     */
    String of(Ip source, Ip destination, int protocol, int port) {
        if (source.equals(destination)) {
            return "allowed: a pod reaches itself";
        }
        List<String> lines = new ArrayList<>();
        if (direction(new Connection(Direction.EGRESS, source, destination, protocol, port), lines)) {
            direction(new Connection(Direction.INGRESS, destination, source, protocol, port), lines);
        }
        return String.join("\n", lines);
    }

    /** Which rule of a ClusterNetworkPolicy denies a connection; empty if none does by now. */
    String rule(Denial by, Ip source, Ip destination, int protocol, int port) {
        if (by.tier() == Tier.NETWORK_POLICY) {
            return "";
        }
        boolean ingress = by.direction() == Direction.INGRESS;
        return firstRule(
                        by.policies(),
                        new Connection(
                                by.direction(),
                                ingress ? destination : source,
                                ingress ? source : destination,
                                protocol,
                                port))
                .map(Decision::rule)
                .orElse("");
    }

    private boolean direction(Connection connection, List<String> lines) {
        String where = connection.side() + " of " + name(connection.own()) + ": ";
        for (Profile profile : model.profiles().profiles(connection.own(), connection.direction())) {
            Outcome outcome =
                    profile.judge(connection.peer(), connection.protocol(), connection.port(), model.profiles()::has);
            String chain = " (chain " + profile.key().chain() + ")";
            lines.add(where
                    + (profile.key().tier() == Tier.NETWORK_POLICY
                            ? isolation(profile, outcome, connection)
                            : ordered(profile, connection))
                    + chain);
            switch (outcome) {
                case Outcome.Allowed() -> {
                    return true;
                }
                case Outcome.Denied(Denial by) -> {
                    return false;
                }
                case Outcome.Sorted(String sorted, List<Step> denying) -> {
                    return false;
                }
                case Outcome.Next(String next) -> {}
            }
        }
        if (lines.isEmpty() || !lines.getLast().startsWith(where)) {
            lines.add(where + "allowed, no policy isolates it on this node");
        }
        return true;
    }

    private String isolation(Profile profile, Outcome outcome, Connection connection) {
        return outcome.equals(Outcome.ALLOWED)
                ? "allowed by " + allowing(profile.key(), connection).orElse("its policies")
                : "denied: isolated by " + profile.key().policies() + ", and none of their rules allows "
                        + name(connection.peer()) + " at " + PortRange.of(connection.protocol(), connection.port());
    }

    private String ordered(Profile profile, Connection connection) {
        ProfileKey key = profile.key();
        String onward = key.next().isPresent() ? "" : ": allowed, and no other policy is asked";
        Optional<Decision> decision = firstRule(key.policies(), connection);
        if (decision.isEmpty()) {
            return key.tier() + " tier: none of " + key.policies() + " has a rule for it" + onward;
        }
        return switch (decision.get().action()) {
            case ACCEPT -> "allowed by " + decision.get().rule();
            case DENY -> "denied by " + decision.get().rule();
            case PASS -> "passed on by " + decision.get().rule() + onward;
        };
    }

    private String name(Ip ip) {
        return model.at(ip).stream()
                .findFirst()
                .map(pod -> "pod " + pod.key() + " (" + ip + ")")
                .or(() ->
                        model.nodes().at(ip).stream().findFirst().map(node -> "node " + node.name() + " (" + ip + ")"))
                .orElseGet(ip::toString);
    }

    /** The first rule of a NetworkPolicy that allows it. */
    private Optional<String> allowing(ProfileKey key, Connection connection) {
        for (ObjectKey name : key.policies()) {
            List<PolicyPlan.Rule> rules = model.policies().policy(name).rules(connection.direction());
            for (int n = 0; n < rules.size(); n++) {
                if (means(rules.get(n), connection)) {
                    return Optional.of("NetworkPolicy " + name + ", " + connection.side() + " rule " + (n + 1));
                }
            }
        }
        return Optional.empty();
    }

    /** The first rule of ClusterNetworkPolicies that means it. */
    private Optional<Decision> firstRule(List<ObjectKey> policies, Connection connection) {
        for (ObjectKey name : policies) {
            Optional<ClusterPlan> plan = model.policies().findClusterPolicy(name);
            List<ClusterPlan.Rule> rules =
                    plan.map(known -> known.rules(connection.direction())).orElse(List.of());
            for (int n = 0; n < rules.size(); n++) {
                ClusterPlan.Rule rule = rules.get(n);
                if (means(rule.traffic(), connection)) {
                    String label = rule.name().isEmpty() ? "" : " \"" + rule.name() + "\"";
                    return Optional.of(new Decision(
                            rule.action(),
                            "ClusterNetworkPolicy " + name + " ("
                                    + plan.map(ClusterPlan::tier).orElseThrow() + "), " + connection.side() + " rule "
                                    + (n + 1) + label));
                }
            }
        }
        return Optional.empty();
    }

    private boolean means(PolicyPlan.Rule rule, Connection connection) {
        return rule.ports().isEmpty()
                ? meansPeer(rule.peers(), connection.peer())
                : rule.ports().stream().anyMatch(port -> means(rule.peers(), port, connection));
    }

    private boolean means(Peers peers, NetworkPolicy.Port port, Connection connection) {
        return switch (port) {
            case NetworkPolicy.Port.Numbers(int p, int from, int to) ->
                p == connection.protocol()
                        && from <= connection.port()
                        && connection.port() <= to
                        && meansPeer(peers, connection.peer());
            case NetworkPolicy.Port.Named(int p, String name) ->
                p == connection.protocol()
                        && model.at(connection.destination()).stream()
                                .anyMatch(pod ->
                                        new NamedPort(p, name).numbers(pod).contains(connection.port()))
                        && meansPeer(peers, connection.peer());
        };
    }

    private boolean meansPeer(Peers peers, Ip peer) {
        return peers.everyone()
                || peers.hasAddress(peer)
                || model.at(peer).stream().anyMatch(pod -> meansPod(peers, pod))
                || model.nodes().at(peer).stream()
                        .anyMatch(node -> peers.nodes().stream().anyMatch(selector -> selector.matches(node.labels())));
    }

    private boolean meansPod(Peers peers, Pod pod) {
        String namespace = pod.key().namespace();
        return peers.pods().stream()
                .anyMatch(selection -> selection.matches(namespace, model.namespaceLabels(namespace), pod.labels()));
    }
}
