package dev.weft.e2e.upstream;

import java.nio.file.Path;
import java.util.Locale;

/** A choice of tests that goes by a name. */
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
            6),
    /** The APIs of Ingress and IngressClass. What proxies do with them is asked by {@code lab gateway} and our own tests. */
    INGRESS("\\[sig-network\\] (Ingress|DefaultIngressClass)", 2),
    /** The cases of network policies that cyclonus generates when it is not told which. */
    CYCLONUS("", 2),
    /** All that cyclonus generates. */
    CYCLONUS_FULL("", 2),
    /** The conformance tests of network-policy-api. */
    CLUSTER_NETWORK_POLICY("", 2);

    private final String focus;
    private final int nodes;

    Suite(String focus, int nodes) {
        this.focus = focus;
        this.nodes = nodes;
    }

    /** How many nodes its tests need. */
    int nodes() {
        return nodes;
    }

    /**
     * Its tests.
     *
     * @param narrower which of them to run, or empty for all: a regular expression, of cyclonus tags. For Kubernetes' tests
     *     it is instead of the suite's own
     * @param skip which of them to leave out, likewise
     * @param procs how many of Kubernetes' tests at the same time
     * @param output folder for logs and reports
     */
    Tests tests(String narrower, String skip, int procs, Path output) {
        return switch (this) {
            case CONFORMANCE, DNS, NETPOL, SERVICES, INGRESS ->
                new UpstreamRun(narrower.isEmpty() ? focus : narrower, skip, procs, output);
            case CYCLONUS -> new CyclonusRun(narrower, skip.isEmpty() ? CyclonusRun.USUALLY_LEFT_OUT : skip, output);
            case CYCLONUS_FULL -> new CyclonusRun(narrower, skip, output);
            case CLUSTER_NETWORK_POLICY -> new PolicyConformanceRun(narrower, skip, output);
        };
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
