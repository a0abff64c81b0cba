package dev.weft.e2e.peers;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Network;
import dev.weft.e2e.lab.Node;
import java.util.List;

/** kube-proxy in nftables mode, as a process of each node, like a kubelet's. */
final class KubeProxy implements Installer {
    @Override
    public void onNode(Lab lab, Node node) {
        lab.enableForwarding(node.name());
        node.write("/etc/kube-proxy.yaml", """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: nftables
                clusterCIDR: %s
                hostnameOverride: %s
                clientConnection: {kubeconfig: %s}
                # The host's limit on connections is not a lab's to change.
                conntrack: {maxPerCore: 0, min: 0}
                """.formatted(
                        Network.POD_CIDRS, node.name(), lab.paths().kubeconfig("kube-proxy")));
        node.start("kube-proxy", List.of(node.kubernetesProgram("kube-proxy"), "--config", "/etc/kube-proxy.yaml"));
    }

    @Override
    public void onCluster(Lab lab) {
        lab.apply(getClass(), "kube-proxy.yaml");
    }
}
