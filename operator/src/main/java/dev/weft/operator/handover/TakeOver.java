package dev.weft.operator.handover;

import dev.weft.config.NodeStatus;
import dev.weft.operator.handover.Handover.Change;
import dev.weft.operator.observe.KubeProxy;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.revision.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** From kube-proxy to Weft: no node loses kube-proxy before its agent says that Weft's rules are in force. */
record TakeOver(Observed observed, List<NodeInfo> nodes, KubeProxy.InDaemonSet kubeProxy) {

    Handover next() {
        List<String> onTheWay = new ArrayList<>();
        List<NodeInfo> eligible = new ArrayList<>();
        Map<String, String> labels = new TreeMap<>();
        int done = 0;
        for (NodeInfo node : nodes) {
            switch (node.kubeProxy()) {
                case Names.KUBE_PROXY_LEAVING -> leaving(node, labels, onTheWay);
                case Names.KUBE_PROXY_GONE -> done += gone(node, labels, onTheWay) ? 1 : 0;
                default -> {
                    if (serves(node)) {
                        eligible.add(node);
                    }
                }
            }
        }
        if (!kubeProxy.yields()) {
            boolean begin = !eligible.isEmpty() || !onTheWay.isEmpty() || done > 0;
            return new Handover(begin ? Change.YIELD : Change.NONE, Map.of(), message(done, onTheWay), !begin);
        }
        eligible.stream()
                .limit(Math.max(0, Handover.budget(nodes) - onTheWay.size()))
                .forEach(n -> labels.put(n.name(), Names.KUBE_PROXY_LEAVING));
        boolean all = done == nodes.size();
        return new Handover(
                Change.NONE, labels, all ? "" : message(done, onTheWay), onTheWay.isEmpty() && eligible.isEmpty());
    }

    private void leaving(NodeInfo node, Map<String, String> labels, List<String> onTheWay) {
        if (withoutRole(node)) {
            labels.put(node.name(), Names.KUBE_PROXY_RETURNING);
        } else if (!observed.kubeProxyPods().containsKey(node.name())) {
            labels.put(node.name(), Names.KUBE_PROXY_GONE);
        }
        if (node.ready()) {
            onTheWay.add(node.name() + ": kube-proxy's pod is leaving");
        }
    }

    /** Whether the node is done: nothing of kube-proxy is left. */
    private boolean gone(NodeInfo node, Map<String, String> labels, List<String> onTheWay) {
        if (withoutRole(node)) {
            labels.put(node.name(), Names.KUBE_PROXY_RETURNING);
            onTheWay.add(node.name() + ": its agent is no service proxy, kube-proxy returns");
            return false;
        }
        List<String> rules = Handover.rules(observed, node);
        if (!rules.isEmpty() && node.ready()) {
            onTheWay.add(node.name() + ": kube-proxy's rules are being removed (" + String.join(", ", rules) + ")");
        }
        return rules.isEmpty();
    }

    private boolean serves(NodeInfo node) {
        return node.ready()
                && Handover.role(observed, node).filter(NodeStatus.Role::ready).isPresent();
    }

    /** Its agent answers and knows of no service proxy, as one of an older release does. */
    private boolean withoutRole(NodeInfo node) {
        return Handover.report(observed, node).isPresent()
                && Handover.role(observed, node).isEmpty();
    }

    private String message(int done, List<String> onTheWay) {
        String now = onTheWay.isEmpty() ? "" : "; " + Handover.firstFew(onTheWay);
        return "takes over from kube-proxy (" + kubeProxy.describe() + "): " + done + " of " + nodes.size() + " nodes"
                + now;
    }
}
