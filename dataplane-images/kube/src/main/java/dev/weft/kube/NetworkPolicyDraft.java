package dev.weft.kube;

import dev.weft.kube.NetworkPolicy.Peer;
import dev.weft.kube.NetworkPolicy.Port;
import dev.weft.kube.NetworkPolicy.Rule;
import dev.weft.net.Cidr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a NetworkPolicy (networking.k8s.io/v1). What cannot be read allows nobody. */
final class NetworkPolicyDraft implements Decoder.Draft<NetworkPolicy> {
    private static final int MAX_PORT = 0xffff;

    private final List<Rule> ingress = new ArrayList<>();
    private final List<Rule> egress = new ArrayList<>();
    private final Set<String> types = new HashSet<>();
    private LabelSelector pods = LabelSelector.EVERYTHING;

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        if (name.equals("spec")) {
            in.object(this::spec);
        }
    }

    private void spec(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "podSelector" -> pods = LabelSelectorDraft.read(in);
            case "policyTypes" -> in.array(item -> types.add(item.string()));
            case "ingress" -> in.array(item -> ingress.add(rule(item, "from")));
            case "egress" -> in.array(item -> egress.add(rule(item, "to")));
            default -> {}
        }
    }

    private static Rule rule(JsonInput in, String peersField) throws KubeException {
        List<Port> ports = new ArrayList<>();
        List<Peer> peers = new ArrayList<>();
        in.object((name, value) -> {
            if (name.equals("ports")) {
                value.array(item -> ports.add(port(item)));
            } else if (name.equals(peersField)) {
                value.array(item -> peers.add(peer(item)));
            }
        });
        return new Rule(ports, peers);
    }

    private static Port port(JsonInput in) throws KubeException {
        String[] protocolAndName = {"", ""};
        int[] fromAndTo = {0, 0};
        in.object((field, value) -> {
            switch (field) {
                case "protocol" -> protocolAndName[0] = value.string();
                case "port" -> {
                    protocolAndName[1] = value.string();
                    fromAndTo[0] = value.integer();
                }
                case "endPort" -> fromAndTo[1] = value.integer();
                default -> {}
            }
        });
        int protocol = Values.protocol(protocolAndName[0]);
        if (!protocolAndName[1].isEmpty()) {
            return new Port.Named(protocol, protocolAndName[1].intern());
        }
        int from = fromAndTo[0];
        if (from == 0) {
            return new Port.Numbers(protocol, 0, MAX_PORT);
        }
        int to = Math.max(from, fromAndTo[1]);
        return Values.isPort(from) && Values.isPort(to)
                ? new Port.Numbers(protocol, from, to)
                : new Port.Numbers(0, 0, 0);
    }

    private static Peer peer(JsonInput in) throws KubeException {
        PeerFields fields = new PeerFields();
        in.object(fields::field);
        return fields.peer();
    }

    private static final class PeerFields {
        private Optional<LabelSelector> pods = Optional.empty();
        private Optional<LabelSelector> namespaces = Optional.empty();
        private boolean block;
        private String cidr = "";
        private final List<String> except = new ArrayList<>(0);

        void field(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "podSelector" -> pods = in.isObject() ? Optional.of(LabelSelectorDraft.read(in)) : pods;
                case "namespaceSelector" ->
                    namespaces = in.isObject() ? Optional.of(LabelSelectorDraft.read(in)) : namespaces;
                case "ipBlock" -> {
                    block = in.isObject();
                    in.object((field, value) -> {
                        if (field.equals("cidr")) {
                            cidr = value.string();
                        } else if (field.equals("except")) {
                            value.array(item -> except.add(item.string()));
                        }
                    });
                }
                default -> {}
            }
        }

        Peer peer() {
            if (!block) {
                return pods.isEmpty() && namespaces.isEmpty()
                        ? new Peer.Nobody()
                        : new Peer.Pods(namespaces, pods.orElse(LabelSelector.EVERYTHING));
            }
            Optional<Cidr> whole = Values.cidr(cidr);
            List<Cidr> without = new ArrayList<>(except.size());
            except.forEach(text -> Values.cidr(text).ifPresent(without::add));
            // An exception that cannot be read must not become allowed.
            return whole.isEmpty() || without.size() < except.size() || pods.isPresent() || namespaces.isPresent()
                    ? new Peer.Nobody()
                    : new Peer.Block(whole.get(), without);
        }
    }

    /** As the API defaults them: ingress always, egress if there are such rules. */
    @Override
    public NetworkPolicy finish(ObjectMeta meta) {
        boolean isolatesIngress = types.isEmpty() || types.contains("Ingress");
        boolean isolatesEgress = types.isEmpty() ? !egress.isEmpty() : types.contains("Egress");
        return new NetworkPolicy(
                new ObjectKey(meta.namespace(), meta.name().isEmpty() ? "?" : meta.name()),
                pods,
                isolatesIngress,
                isolatesEgress,
                isolatesIngress ? ingress : List.of(),
                isolatesEgress ? egress : List.of());
    }
}
