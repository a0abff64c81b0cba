package dev.weft.e2e.peers;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Flannel with VXLAN in both families: flanneld as a process of each node, and for the pods what its plugin delegates to,
 * bridge with host-local and portmap.
 */
final class Flannel implements Installer {
    private static final int MTU = 1450;
    private static final Map<String, String> COMPILER =
            Map.of("/usr/bin/gcc", "gcc", "/usr/include/stdlib.h", "libc6-dev");

    private final DebianPackages packages;
    private final ProgramCache programs;

    Flannel(DebianPackages packages, ProgramCache programs) {
        this.packages = packages;
        this.programs = programs;
    }

    @Override
    public void prepare() {
        Map<String, String> needed = new HashMap<>(ReferenceChain.PACKAGES);
        needed.putAll(COMPILER);
        packages.require(needed);
        programs.folder(GoModule.FLANNEL);
    }

    @Override
    public void onNode(Lab lab, Node node) {
        lab.enableForwarding(node.name());
        node.exec("sh", "-c", "cp /usr/lib/cni/* /opt/cni/bin/");
        node.write("/etc/flannel.json", """
                {"Network":"10.244.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:244::/56",
                 "Backend":{"Type":"vxlan"}}
                """);
        node.start(
                "flanneld",
                List.of(
                        "env",
                        "NODE_NAME=" + node.name(),
                        programs.program(GoModule.FLANNEL, "flanneld").toString(),
                        "--kube-subnet-mgr",
                        "--kubeconfig-file",
                        lab.paths().kubeconfig("flannel").toString(),
                        "--net-config-path",
                        "/etc/flannel.json",
                        "--iface",
                        "eth0"));
        node.write(
                "/etc/cni/net.d/10-reference.conflist",
                ReferenceChain.conflist(
                        ReferenceChain.Link.BRIDGE.options + ",\"mtu\":" + MTU, lab.podCidrs(node.name())));
    }

    @Override
    public void onCluster(Lab lab) {
        lab.apply(getClass(), "flannel.yaml");
    }
}
