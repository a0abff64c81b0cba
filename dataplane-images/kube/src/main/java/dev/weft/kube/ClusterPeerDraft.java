package dev.weft.kube;

import dev.weft.kube.ClusterNetworkPolicy.Peer;
import dev.weft.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a peer of a ClusterNetworkPolicy's rule. */
final class ClusterPeerDraft {
    private final boolean egress;
    private final List<String> fields = new ArrayList<>(1);
    private Optional<Peer> peer = Optional.empty();

    private ClusterPeerDraft(boolean egress) {
        this.egress = egress;
    }

    /**
     * @param peer absent if it cannot be read
     * @param fault why, for people
     */
    record Read(Optional<Peer> peer, String fault) {}

    /** @param egress whether it may be what only the destination of traffic can be */
    static Read read(JsonInput in, boolean egress) throws KubeException {
        ClusterPeerDraft draft = new ClusterPeerDraft(egress);
        in.object(draft::field);
        return draft.finish();
    }

    private void field(String name, JsonInput in) throws KubeException {
        fields.add(name);
        switch (name) {
            case "namespaces" ->
                peer = selector(in).map(namespaces -> new Peer.Pods(namespaces, LabelSelector.EVERYTHING));
            case "pods" -> peer = pods(in).map(pods -> pods);
            case "nodes" -> peer = egress ? selector(in).map(Peer.Nodes::new) : Optional.empty();
            case "networks" -> peer = egress ? networks(in) : Optional.empty();
            default -> {}
        }
    }

    /** The API wants exactly one field; none is one that an older CRD has dropped. */
    private Read finish() {
        if (fields.size() == 1 && peer.isPresent()) {
            return new Read(peer, "");
        }
        String said = String.join(" and ", fields);
        return new Read(
                Optional.empty(),
                switch (said) {
                    case "" -> "one of its peers is empty";
                    case "domainNames" -> "peers by domainNames are not supported";
                    default -> "a peer by " + said + " cannot be read";
                });
    }

    private static Optional<Peer> networks(JsonInput in) throws KubeException {
        List<Optional<Cidr>> cidrs = new ArrayList<>();
        in.array(item -> cidrs.add(Values.cidr(item.string())));
        return cidrs.isEmpty() || cidrs.stream().anyMatch(Optional::isEmpty)
                ? Optional.empty()
                : Optional.of(new Peer.Networks(
                        cidrs.stream().flatMap(Optional::stream).toList()));
    }

    /** The two selectors of a {@code NamespacedPod}; absent if one of them is wrong. */
    static Optional<Peer.Pods> pods(JsonInput in) throws KubeException {
        if (!in.isObject()) {
            return Optional.empty();
        }
        List<Optional<LabelSelector>> namespacesAndPods =
                new ArrayList<>(List.of(Optional.of(LabelSelector.EVERYTHING), Optional.empty()));
        in.object((name, value) -> {
            switch (name) {
                case "namespaceSelector" -> namespacesAndPods.set(0, selector(value));
                case "podSelector" -> namespacesAndPods.set(1, selector(value));
                default -> {}
            }
        });
        return namespacesAndPods
                .get(0)
                .flatMap(namespaces -> namespacesAndPods.get(1).map(pods -> new Peer.Pods(namespaces, pods)));
    }

    /** A selector; absent if it is one that no API server would take in its own objects, as a CRD's are not checked. */
    static Optional<LabelSelector> selector(JsonInput in) throws KubeException {
        return in.isObject()
                ? Optional.of(LabelSelectorDraft.read(in)).filter(LabelSelector::isValid)
                : Optional.empty();
    }
}
