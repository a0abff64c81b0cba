package dev.weft.e2e.upstream;

/** A choice of Kubernetes' tests that goes by a name. */
enum Suite {
    /** What every network has to pass. */
    CONFORMANCE("\\[sig-network\\].*\\[Conformance\\]", 2),
    /** What a DNS server has to pass. */
    DNS("\\[sig-network\\] (DNS|.*\\[Feature:IPv6DualStack\\].*DNS)", 2),
    /** What an engine of network policies has to pass. */
    NETPOL("\\[sig-network\\] Netpol", 2),
    /** What a service proxy has to pass, disruptive and slow tests included; some need two nodes in each of three zones. */
    SERVICES(
            "\\[sig-network\\] (Services|Service CIDRs|Service endpoints latency|Conntrack|KubeProxy"
                    + "|Traffic Distribution|Topology Hints|EndpointSlice|Connectivity Pod Lifecycle"
                    + "|Networking should check kube-proxy urls|Networking Granular Checks: Services"
                    + "|\\[Feature:IPv6DualStack\\].*(Granular Checks: Services|service with))",
            6);

    private final String focus;
    private final int nodes;

    Suite(String focus, int nodes) {
        this.focus = focus;
        this.nodes = nodes;
    }

    /** The regular expression of its tests' names. */
    String focus() {
        return focus;
    }

    /** How many nodes its tests need. */
    int nodes() {
        return nodes;
    }
}
