package dev.weft.e2e.bench;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.peers.Installer;

/** kube-proxy in nftables mode, one process, as a lab runs it. */
final class KubeProxyService implements ServiceProxy {
    private final Lab lab;
    private final Node node;
    private final Installer installer;

    KubeProxyService(Lab lab, Node node, Installer installer) {
        this.lab = lab;
        this.node = node;
        this.installer = installer;
        installer.onCluster(lab);
    }

    @Override
    public String name() {
        return "kube-proxy nftables";
    }

    @Override
    public void start() {
        installer.onNode(lab, node);
    }

    @Override
    public long pid() {
        return Long.parseLong(node.exec("cat", "/run/kube-proxy.pid").strip());
    }

    @Override
    public void stop() {
        // It may have ended by itself, or not have come to make its tables.
        node.exec("sh", "-c", "kill -9 $(cat /run/kube-proxy.pid) || true");
        // What kube-proxy --cleanup does, without the minutes that it takes over many Services.
        for (String family : new String[] {"ip", "ip6"}) {
            node.exec("nft", "add table %1$s kube-proxy; delete table %1$s kube-proxy".formatted(family));
        }
    }
}
