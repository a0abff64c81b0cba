package dev.weft.networkpolicy;

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

    /**
     * @param destination behind a Service's translation: policies see pods
     */
    String of(Ip source, Ip destination, int protocol, int port) {
        List<String> lines = new ArrayList<>();
        if (source.equals(destination)) {
            return "allowed: a pod reaches itself";
        }
        boolean allowed = direction(Direction.EGRESS, source, destination, protocol, port, lines);
        if (allowed) {
            direction(Direction.INGRESS, destination, source, protocol, port, lines);
        }
        return String.join("\n", lines);
    }

    private boolean direction(Direction direction, Ip own, Ip peer, int protocol, int port, List<String> lines) {
        String where = (direction == Direction.INGRESS ? "ingress of " : "egress of ") + name(own);
        Optional<Profile> found = model.profiles().profile(own, direction);
        if (found.isEmpty()) {
            lines.add(where + ": allowed, no policy isolates it on this node");
            return true;
        }
        Profile profile = found.get();
        String chain = " (chain " + profile.key().chain() + ")";
        boolean allowed = profile.allows(peer, protocol, port, model.profiles()::has);
        String why = allowed
                ? reason(profile.key(), own, peer, protocol, port).orElse("its policies")
                : "isolated by " + profile.key().policies() + ", and none of their rules allows " + name(peer) + " at "
                        + PortRange.of(protocol, port);
        lines.add(where + ": " + (allowed ? "allowed by " : "denied: ") + why + chain);
        return allowed;
    }

    private String name(Ip ip) {
        return model.at(ip).stream()
                .findFirst()
                .map(pod -> "pod " + pod.key() + " (" + ip + ")")
                .orElseGet(ip::toString);
    }

    /** The first rule that allows it. */
    private Optional<String> reason(ProfileKey key, Ip own, Ip peer, int protocol, int port) {
        Ip destination = key.direction() == Direction.INGRESS ? own : peer;
        for (ObjectKey name : key.policies()) {
            List<PolicyPlan.Rule> rules =
                    model.policy(name).map(plan -> plan.rules(key.direction())).orElse(List.of());
            for (int n = 0; n < rules.size(); n++) {
                PolicyPlan.Rule rule = rules.get(n);
                if (meansPeer(rule.peers(), peer) && meansPort(rule.ports(), destination, protocol, port)) {
                    String side = key.direction() == Direction.INGRESS ? "ingress" : "egress";
                    return Optional.of("NetworkPolicy " + name + ", " + side + " rule " + (n + 1));
                }
            }
        }
        return Optional.empty();
    }

    private boolean meansPeer(Peers peers, Ip peer) {
        return peers.everyone()
                || peers.hasAddress(peer)
                || model.at(peer).stream().anyMatch(pod -> meansPod(peers, pod));
    }

    private boolean meansPod(Peers peers, Pod pod) {
        String namespace = pod.key().namespace();
        return peers.pods().stream()
                .anyMatch(selection -> selection.matches(namespace, model.namespaceLabels(namespace), pod.labels()));
    }

    private boolean meansPort(List<NetworkPolicy.Port> ports, Ip destination, int protocol, int port) {
        return ports.isEmpty()
                || ports.stream().anyMatch(item -> switch (item) {
                    case NetworkPolicy.Port.Numbers(int p, int from, int to) ->
                        p == protocol && from <= port && port <= to;
                    case NetworkPolicy.Port.Named(int p, String name) ->
                        p == protocol
                                && model.at(destination).stream()
                                        .anyMatch(pod -> new NamedPort(p, name)
                                                .numbers(pod)
                                                .contains(port));
                });
    }
}
