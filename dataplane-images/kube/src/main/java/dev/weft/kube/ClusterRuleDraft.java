package dev.weft.kube;

import dev.weft.kube.ClusterNetworkPolicy.Action;
import dev.weft.kube.ClusterNetworkPolicy.Peer;
import dev.weft.kube.ClusterNetworkPolicy.Rule;
import dev.weft.kube.NetworkPolicy.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads a rule of a ClusterNetworkPolicy. */
final class ClusterRuleDraft {
    private static final int MAX_PORT = 0xffff;
    private static final List<Integer> PROTOCOLS = List.of(6, 17, 132);

    private final List<Port> ports = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private final List<String> faults = new ArrayList<>(0);
    private final String peersField;
    private String name = "";
    private String action = "";
    private boolean peersSaid;

    private ClusterRuleDraft(String peersField) {
        this.peersField = peersField;
    }

    /** @param peersField {@code from} or {@code to} */
    static ClusterRuleDraft read(JsonInput in, String peersField) throws KubeException {
        ClusterRuleDraft draft = new ClusterRuleDraft(peersField);
        in.object(draft::field);
        return draft;
    }

    private void field(String field, JsonInput in) throws KubeException {
        switch (field) {
            case "name" -> name = in.string();
            case "action" -> action = in.string();
            case "protocols" -> in.array(item -> protocol(item).ifPresentOrElse(ports::addAll, this::oddProtocol));
            default -> {
                if (field.equals(peersField)) {
                    in.array(this::peer);
                }
            }
        }
    }

    private void oddProtocol() {
        faults.add("one of its protocols cannot be read");
    }

    private void peer(JsonInput in) throws KubeException {
        peersSaid = true;
        ClusterPeerDraft.Read read = ClusterPeerDraft.read(in, peersField.equals("to"));
        read.peer().ifPresentOrElse(peers::add, () -> faults.add(read.fault()));
    }

    private static Optional<List<Port>> protocol(JsonInput in) throws KubeException {
        List<Optional<List<Port>>> said = new ArrayList<>(1);
        in.object((field, value) -> said.add(
                switch (field) {
                    case "tcp", "udp", "sctp" -> ports(Values.protocol(field.toUpperCase(Locale.ROOT)), value);
                    case "destinationNamedPort" -> named(value.string());
                    default -> Optional.empty();
                }));
        return said.size() == 1 ? said.getFirst() : Optional.empty();
    }

    private static Optional<List<Port>> named(String portName) {
        return portName.isEmpty()
                ? Optional.empty()
                : Optional.of(PROTOCOLS.stream()
                        .<Port>map(protocol -> new Port.Named(protocol, portName))
                        .toList());
    }

    /** An object without a field that is known says something that is not. */
    private static Optional<List<Port>> ports(int protocol, JsonInput in) throws KubeException {
        List<Optional<Port>> said = new ArrayList<>(1);
        in.object((field, value) ->
                said.add(field.equals("destinationPort") ? numbers(protocol, value) : Optional.empty()));
        return said.size() == 1 ? said.getFirst().map(List::of) : Optional.empty();
    }

    private static Optional<Port> numbers(int protocol, JsonInput in) throws KubeException {
        List<int[]> said = new ArrayList<>(1);
        in.object((field, value) -> {
            int[] fromAndTo = {0, 0};
            if (field.equals("number")) {
                fromAndTo[0] = value.integer();
                fromAndTo[1] = fromAndTo[0];
            } else if (field.equals("range")) {
                value.object((end, number) -> {
                    switch (end) {
                        case "start" -> fromAndTo[0] = number.integer();
                        case "end" -> fromAndTo[1] = number.integer();
                        default -> {}
                    }
                });
            }
            said.add(fromAndTo);
        });
        if (said.size() != 1) {
            return Optional.empty();
        }
        int from = said.getFirst()[0];
        int to = said.getFirst()[1];
        return from > 0 && from <= to && to <= MAX_PORT
                ? Optional.of(new Port.Numbers(protocol, from, to))
                : Optional.empty();
    }

    /**
     * @param what which rule it is, for people
     * @param known whether what the rule is part of could be read
     * @param to is told what could not be read
     */
    Rule rule(String what, boolean known, List<String> to) {
        Optional<Action> said = action(action);
        if (said.isEmpty()) {
            faults.add("action \"" + action + "\" is not known");
        }
        if (!peersSaid) {
            faults.add("it has no peers");
        }
        if (ports.stream().anyMatch(Port.Named.class::isInstance)
                && peers.stream().anyMatch(peer -> !(peer instanceof Peer.Pods))) {
            faults.add("only pods have names for their ports");
        }
        boolean accepts = said.equals(Optional.of(Action.ACCEPT));
        if (!faults.isEmpty()) {
            to.add(what + (name.isEmpty() ? "" : " \"" + name + "\"") + ": " + String.join("; ", faults)
                    + (accepts ? ": it accepts nothing" : ": it denies everything"));
        }
        if (faults.isEmpty() && known) {
            return new Rule(name, said.orElseThrow(), ports, peers);
        }
        return accepts
                ? new Rule(name, Action.ACCEPT, List.of(), List.of())
                : new Rule(name, Action.DENY, List.of(), List.of(new Peer.Everybody()));
    }

    private static Optional<Action> action(String text) {
        for (Action each : Action.values()) {
            if (each.toString().equals(text)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
