package dev.weft.e2e.peers;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.util.List;
import java.util.Map;

/** kube-router's firewall, as a process of each node, beside whatever pod network and service proxy there are. */
final class KubeRouter implements Installer {
    private final DebianPackages packages;
    private final ProgramCache programs;

    KubeRouter(DebianPackages packages, ProgramCache programs) {
        this.packages = packages;
        this.programs = programs;
    }

    @Override
    public void prepare() {
        packages.require(Map.of("/usr/sbin/ipset", "ipset", "/usr/sbin/iptables", "iptables"));
        programs.folder(GoModule.KUBE_ROUTER);
    }

    @Override
    public void onNode(Lab lab, Node node) {
        node.start(
                "kube-router",
                List.of(
                        programs.program(GoModule.KUBE_ROUTER, "kube-router").toString(),
                        "--run-firewall=true",
                        "--run-router=false",
                        "--run-service-proxy=false",
                        "--enable-ipv6=true",
                        "--service-cluster-ip-range=10.96.0.0/16,fd00:96::/112",
                        "--hostname-override=" + node.name(),
                        "--kubeconfig=" + lab.paths().kubeconfig("admin")));
    }

    @Override
    public void onCluster(Lab lab) {}
}
