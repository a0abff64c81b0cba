package dev.weft.operator.revision;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names and labels that the operator, the agents and people rely on. */
public final class Names {
    public static final String NAMESPACE = "weft-system";
    public static final String NODE_AGENT = "weft-node";
    public static final String CLEANUP = "weft-cleanup";

    /** The DNS servers: their Deployment, ConfigMap, rights, and the application's name of their pods. */
    public static final String DNS = "weft-dns";

    /** The DNS servers that serve one node each: their DaemonSet. */
    public static final String DNS_NODE_LOCAL = "weft-dns-node";

    /** On the pods of {@link #DNS_NODE_LOCAL}: that they serve one node each. */
    public static final String DNS_PLACEMENT = "weft.dev/dns-placement";

    /** Where the cluster's DNS Service is; a Service selects pods of its own namespace, so the servers are here too. */
    public static final String DNS_NAMESPACE = "kube-system";

    /** The cluster's DNS Service, by the name that everybody expects. */
    public static final String DNS_SERVICE = "kube-dns";

    /** On a Service {@link #DNS_SERVICE} of somebody else: that the operator turned it to Weft's servers, or back. */
    public static final String DNS_TAKEN = "weft.dev/dns";

    /** Of {@link #DNS_TAKEN}: it leads to the server from before again, and Weft's go in a moment. */
    public static final String DNS_RETURNED = "returned";

    /** On such a Service: its selector from before, JSON. */
    public static final String DNS_SELECTOR = "weft.dev/dns-selector";

    /** On such a Service: its trafficDistribution from before, where it had one. */
    public static final String DNS_DISTRIBUTION = "weft.dev/dns-traffic-distribution";

    /** The ingress proxies: their Deployment, Service, ConfigMap, rights, and the application's name of their pods. */
    public static final String INGRESS = "weft-ingress";

    /** The ClusterRole of the ingress proxies for the Gateway API. */
    public static final String INGRESS_GATEWAY = "weft-ingress-gateway";

    /** The ingress proxies at their nodes' own addresses: their DaemonSet. */
    public static final String INGRESS_ON_NODES = "weft-ingress-node";

    /** On the pods of {@link #INGRESS_ON_NODES}: that they are at their nodes' own addresses. */
    public static final String INGRESS_PLACEMENT = "weft.dev/ingress-placement";

    /** Of the operator, in server-side apply (managedFields). */
    public static final String FIELD_MANAGER = "weft-operator";

    /** On a node: the revision it is pinned to. On objects: the revision they belong to. */
    public static final String REVISION = "weft.dev/revision";

    /** On a node: when the operator pinned it, RFC 3339. */
    public static final String MOVED_AT = "weft.dev/moved-at";

    /** On a DaemonSet: {@code true} when it also serves nodes without {@link #REVISION}. */
    public static final String STABLE = "weft.dev/stable";

    /**
     * On a node: how far it is on its way from kube-proxy to Weft or back. On kube-proxy's DaemonSet: that the operator
     * changed it.
     */
    public static final String KUBE_PROXY = "weft.dev/kube-proxy";

    /** Weft serves the node; kube-proxy is to leave it. */
    public static final String KUBE_PROXY_LEAVING = "leaving";

    /** kube-proxy has left the node: its agent removes what is left. Set by people where the operator cannot know. */
    public static final String KUBE_PROXY_GONE = "gone";

    /** kube-proxy is to come back. */
    public static final String KUBE_PROXY_RETURNING = "returning";

    /** Of {@link #KUBE_PROXY}, the values that keep kube-proxy off a node. */
    public static final List<String> KUBE_PROXY_AWAY = List.of(KUBE_PROXY_GONE, KUBE_PROXY_LEAVING);

    /** On kube-proxy's DaemonSet: its pods' affinity before the operator changed it, JSON; empty when it had none. */
    public static final String KUBE_PROXY_AFFINITY = "weft.dev/kube-proxy-affinity";

    public static final String APP_NAME = "app.kubernetes.io/name";
    public static final String APP_VERSION = "app.kubernetes.io/version";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String PART_OF = "app.kubernetes.io/part-of";

    /** Selects every object that the operator applies. */
    public static final String MANAGED_SELECTOR = MANAGED_BY + "=" + FIELD_MANAGER;

    /** Selects the pods of node agents and of the clean-up. */
    public static final String POD_SELECTOR = APP_NAME + " in (" + NODE_AGENT + "," + CLEANUP + ")";

    private Names() {}

    /** The labels of every managed object, with the application's name. */
    public static Map<String, String> labels(String application) {
        Map<String, String> labels = new TreeMap<>();
        labels.put(APP_NAME, application);
        labels.put(MANAGED_BY, FIELD_MANAGER);
        labels.put(PART_OF, "weft");
        return labels;
    }

    /** Name of the DaemonSet and of the ConfigMap of a revision. */
    public static String nodeAgent(String revision) {
        return NODE_AGENT + "-" + revision;
    }
}
