package dev.weft.operator.handover;

import dev.weft.config.NodeStatus;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.KubeProxy;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.revision.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One step in which nodes pass from kube-proxy to Weft or back. What happened so far stands in the label
 * {@link Names#KUBE_PROXY} of each node, so that an operator that takes over decides alike:
 *
 * <pre>
 * (none)     kube-proxy runs here, Weft perhaps too: the first of the two translates, the other sees it done
 * leaving    Weft's rules are in force; kube-proxy's pod is to go
 * gone       it went; the agent removes what it left in the kernel
 * returning  kube-proxy is to come back; Weft's rules stay until it has
 * </pre>
 *
 * @param change what to do to kube-proxy's DaemonSet
 * @param labels new values of the label by node; empty takes it off
 * @param message how far it is, for people; empty when there is nothing to say
 * @param done whether nothing is left to wait for
 */
public record Handover(Change change, Map<String, String> labels, String message, boolean done) {
    /** As many nodes at once as one in so many, at least one. */
    private static final int SHARE = 20;

    private static final int NAMED_NODES = 3;

    public static final Handover NOTHING = new Handover(Change.NONE, Map.of(), "", true);

    /** What to do to kube-proxy's DaemonSet. */
    public enum Change {
        NONE,
        /** Make it leave nodes that have the label. */
        YIELD,
        /** As it was before the operator changed it. */
        RESTORE
    }

    public Handover {
        labels = Map.copyOf(labels);
    }

    /** Whether the next look should come soon. */
    public boolean busy() {
        return change != Change.NONE || !labels.isEmpty() || !done;
    }

    /** Something to tell, and nothing to do. */
    public static Handover note(String message) {
        return new Handover(Change.NONE, Map.of(), message, true);
    }

    /**
     * Towards Weft.
     *
     * @param nodes those that run an agent
     */
    public static Handover takeOver(Observed observed, List<NodeInfo> nodes) {
        Optional<KubeProxy> kubeProxy = observed.discovered().kubeProxy();
        return kubeProxy.isPresent() && kubeProxy.get() instanceof KubeProxy.InDaemonSet daemonSet
                ? new TakeOver(observed, nodes, daemonSet).next()
                : note(byHand(observed, nodes, kubeProxy.map(KubeProxy::describe)));
    }

    /** Away from Weft; until it is {@link #done} Weft must go on. */
    public static Handover handBack(Observed observed, List<NodeInfo> nodes) {
        return new HandBack(observed, nodes).next();
    }

    /** What only the administrator can do: end processes that no DaemonSet runs, and say so. */
    private static String byHand(Observed observed, List<NodeInfo> nodes, Optional<String> how) {
        List<String> left = nodes.stream()
                .filter(n -> !n.kubeProxy().equals(Names.KUBE_PROXY_GONE))
                .filter(n -> !rules(observed, n).isEmpty())
                .map(n -> n.name() + " (" + String.join(", ", rules(observed, n)) + ")")
                .toList();
        if (left.isEmpty()) {
            return "";
        }
        return "kube-proxy's rules are on " + firstFew(left) + ", but no DaemonSet runs it"
                + how.map(h -> ", " + h + " do").orElse("") + ": end kube-proxy on each of these nodes, then say so by"
                + " kubectl label node NAME " + Names.KUBE_PROXY + "=" + Names.KUBE_PROXY_GONE
                + ", and Weft removes its rules there";
    }

    /** Nodes that may be on their way at once. */
    static int budget(List<NodeInfo> nodes) {
        return Math.max(1, nodes.size() / SHARE);
    }

    /** The role of the service proxy as the node's agent last told. */
    static Optional<NodeStatus.Role> role(Observed observed, NodeInfo node) {
        return report(observed, node)
                .flatMap(r -> r.status().roles().stream()
                        .filter(role -> role.name().equals(NodeStatus.Role.SERVICE_PROXY))
                        .findFirst());
    }

    static Optional<AgentReport.Answered> report(Observed observed, NodeInfo node) {
        return observed.agents().get(node.name()) instanceof AgentReport.Answered answered
                ? Optional.of(answered)
                : Optional.empty();
    }

    /** Which modes of kube-proxy have rules in the node's kernel, as its agent last told. */
    static List<String> rules(Observed observed, NodeInfo node) {
        return report(observed, node).map(r -> r.status().kubeProxy()).orElse(List.of());
    }

    static String firstFew(List<String> names) {
        String more = names.size() > NAMED_NODES ? " and " + (names.size() - NAMED_NODES) + " more" : "";
        return names.stream().limit(NAMED_NODES).collect(Collectors.joining(", ")) + more;
    }
}
