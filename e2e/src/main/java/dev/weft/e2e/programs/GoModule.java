package dev.weft.e2e.programs;

import java.util.List;
import java.util.Map;

/**
 * A pinned Go module under {@code e2e/programs} and the programs built from it. Modules are apart so that the versions
 * of what they need do not fight.
 */
// The maps and lists are made by Map.of and List.of.
@SuppressWarnings("ImmutableEnumChecker")
public enum GoModule {
    /** Control plane, kubelet, kube-proxy, kubectl, and agnhost, the server of the upstream tests. */
    KUBERNETES(
            "kubernetes",
            Map.of(
                    "kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver",
                    "kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager",
                    "kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler",
                    "kubelet", "k8s.io/kubernetes/cmd/kubelet",
                    "kube-proxy", "k8s.io/kubernetes/cmd/kube-proxy",
                    "kubectl", "k8s.io/kubernetes/cmd/kubectl",
                    "agnhost", "k8s.io/kubernetes/test/images/agnhost"),
            List.of(
                    "-ldflags",
                    "-s -w -X k8s.io/component-base/version.gitVersion=v1.37.2"
                            + " -X k8s.io/component-base/version.gitMajor=1"
                            + " -X k8s.io/component-base/version.gitMinor=37")),
    ETCD("etcd", Map.of("etcd", "go.etcd.io/etcd/server/v3"), List.of("-ldflags", "-s -w")),
    CONTAINERD(
            "containerd",
            Map.of(
                    "containerd", "github.com/containerd/containerd/v2/cmd/containerd",
                    "containerd-shim-runc-v2", "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2",
                    "ctr", "github.com/containerd/containerd/v2/cmd/ctr"),
            List.of("-tags", "no_btrfs no_zfs no_devmapper", "-ldflags", "-s -w")),
    /** Its UDP backend is C, so it needs a C compiler and is not static. */
    FLANNEL("flannel", Map.of("flanneld", "github.com/flannel-io/flannel"), List.of("-ldflags", "-s -w")),
    COREDNS("coredns", Map.of("coredns", "github.com/coredns/coredns"), List.of("-ldflags", "-s -w")),
    /**
     * Kubernetes' own end-to-end tests (a test binary), the program that runs them in parallel, and one that a test of
     * conntrack runs in its pods.
     */
    E2ETEST(
            "e2etest",
            Map.of(
                    "ginkgo", "github.com/onsi/ginkgo/v2/ginkgo",
                    "regression-issue-74839", "k8s.io/kubernetes/test/images/regression-issue-74839"),
            List.of("-ldflags", "-s -w")),
    /** Generates cases of NetworkPolicy, and compares what they allow with what a model of its own says. */
    CYCLONUS(
            "cyclonus",
            Map.of("cyclonus", "github.com/mattfenwick/cyclonus/cmd/cyclonus"),
            List.of("-ldflags", "-s -w")),
    /** Of its three parts only the firewall is run, which enforces NetworkPolicies. */
    KUBE_ROUTER(
            "kuberouter",
            Map.of("kube-router", "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router"),
            List.of("-ldflags", "-s -w")),
    /** The conformance tests of ClusterNetworkPolicy (a test binary), and its CRDs. */
    NETWORK_POLICY_API("networkpolicyapi", Map.of(), List.of("-ldflags", "-s -w")),
    /** agnhost for kernels without SCTP. */
    SCTPHOST("sctphost", Map.of("sctphost", "."), List.of("-ldflags", "-s -w")),
    /** The conformance tests of Gateway API (a test binary), its CRDs, and the server that answers in their pods. */
    GATEWAY_CONFORMANCE(
            "gateway-conformance",
            Map.of("echo-basic", "sigs.k8s.io/gateway-api/conformance/echo-basic"),
            List.of("-ldflags", "-s -w")),
    /** The lab's way from the host's loopback to its API server. */
    FORWARD("forward", Map.of("forward", "."), List.of("-ldflags", "-s -w")),
    /** Measures pod networks and proxies, the same for Weft and its peers. */
    NETBENCH("netbench", Map.of("netbench", "."), List.of("-ldflags", "-s -w"));

    /** Kubernetes' release, as in {@code programs/kubernetes/go.mod}. */
    public static final String KUBERNETES_VERSION = "1.37.2";

    private final String folder;
    private final Map<String, String> packages;
    private final List<String> flags;

    GoModule(String folder, Map<String, String> packages, List<String> flags) {
        this.folder = folder;
        this.packages = packages;
        this.flags = flags;
    }

    /** The folder under {@code e2e/programs}. */
    public String folder() {
        return folder;
    }

    /** Program name to Go package. */
    Map<String, String> packages() {
        return packages;
    }

    /** Test binaries: program name to Go package. */
    Map<String, String> testPackages() {
        return switch (this) {
            case E2ETEST -> Map.of("e2e.test", "k8s.io/kubernetes/test/e2e");
            case NETWORK_POLICY_API -> Map.of("conformance.test", "sigs.k8s.io/network-policy-api/conformance");
            case GATEWAY_CONFORMANCE -> Map.of("gateway-conformance.test", "sigs.k8s.io/gateway-api/conformance");
            case KUBERNETES, ETCD, CONTAINERD, FLANNEL, COREDNS, CYCLONUS, KUBE_ROUTER, SCTPHOST, FORWARD, NETBENCH ->
                Map.of();
        };
    }

    List<String> flags() {
        return flags;
    }

    /** The files of the module beside go.mod and go.sum. */
    List<String> sources() {
        return switch (this) {
            case FORWARD -> List.of("main.go");
            case NETBENCH ->
                List.of(
                        "main.go",
                        "cni.go",
                        "traffic.go",
                        "flow.go",
                        "load.go",
                        "asking.go",
                        "resolving.go",
                        "sniff.go",
                        "api.go",
                        "services.go",
                        "churn.go",
                        "attempts.go",
                        "knock.go",
                        "policies.go",
                        "enforced.go",
                        "web.go",
                        "websocket.go",
                        "handshakes.go",
                        "changes.go",
                        "objects.go",
                        "fill.go",
                        "requests.go",
                        "sockets.go");
            case E2ETEST, NETWORK_POLICY_API, GATEWAY_CONFORMANCE -> List.of("tools.go");
            case SCTPHOST -> List.of("main.go", "packet.go", "association.go");
            case KUBERNETES, ETCD, CONTAINERD, COREDNS, FLANNEL, CYCLONUS, KUBE_ROUTER -> List.of();
        };
    }

    /** Whether parts of it are written in C. */
    boolean cgo() {
        return this == FLANNEL;
    }
}
