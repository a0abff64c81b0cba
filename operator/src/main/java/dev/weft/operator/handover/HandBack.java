package dev.weft.operator.handover;

import dev.weft.operator.handover.Handover.Change;
import dev.weft.operator.observe.KubeProxy;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.revision.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** From Weft to kube-proxy: it is back on a node, with its rules, before the node counts as given back. */
record HandBack(Observed observed, List<NodeInfo> nodes) {

    Handover next() {
        List<NodeInfo> labelled =
                nodes.stream().filter(n -> !n.kubeProxy().isEmpty()).toList();
        Optional<KubeProxy.InDaemonSet> daemonSet = observed.discovered()
                .kubeProxy()
                .flatMap(k -> k instanceof KubeProxy.InDaemonSet d ? Optional.of(d) : Optional.empty());
        Map<String, String> labels = new TreeMap<>();
        if (daemonSet.isEmpty()) {
            // There is nothing to give back to.
            labelled.forEach(n -> labels.put(n.name(), ""));
            return new Handover(Change.NONE, labels, "", true);
        }
        if (labelled.isEmpty()) {
            boolean yields = daemonSet.get().yields();
            return new Handover(yields ? Change.RESTORE : Change.NONE, Map.of(), "", !yields);
        }
        List<String> onTheWay = new ArrayList<>();
        for (NodeInfo node : labelled) {
            if (!node.ready()) {
                // Nothing starts or ends there now. When its kubelet is back, kube-proxy comes before the rollout does.
                labels.put(node.name(), "");
            } else if (node.kubeProxy().equals(Names.KUBE_PROXY_RETURNING)) {
                if (isBack(node)) {
                    labels.put(node.name(), "");
                } else {
                    onTheWay.add(node.name() + ": waits for kube-proxy's pod and its rules");
                }
            }
        }
        labelled.stream()
                .filter(n -> n.ready() && !n.kubeProxy().equals(Names.KUBE_PROXY_RETURNING))
                .limit(Math.max(0, Handover.budget(nodes) - onTheWay.size()))
                .forEach(n -> {
                    labels.put(n.name(), Names.KUBE_PROXY_RETURNING);
                    onTheWay.add(n.name() + ": kube-proxy returns");
                });
        return new Handover(
                Change.NONE,
                labels,
                "gives Services back to kube-proxy (" + daemonSet.get().describe() + "), "
                        + (nodes.size() - labelled.size()) + " of " + nodes.size() + " nodes; Weft serves meanwhile; "
                        + Handover.firstFew(onTheWay),
                false);
    }

    /** A pod that has just started is ready before it has written a rule: the agent's word counts as well. */
    private boolean isBack(NodeInfo node) {
        boolean ready = observed.kubeProxyPods().getOrDefault(node.name(), false);
        boolean rules = Handover.report(observed, node).isEmpty()
                || !Handover.rules(observed, node).isEmpty();
        return ready && rules;
    }
}
