package dev.weft.e2e.peers;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.programs.DebianPackages;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A pod network of the CNI project's reference plugins: ptp or bridge, with host-local and portmap, and routes between
 * the nodes set by hand.
 */
final class ReferenceChain implements Installer {
    static final Map<String, String> PACKAGES = Map.of(
            "/usr/lib/cni/host-local", "containernetworking-plugins",
            // portmap and the masquerading of bridge call it.
            "/usr/sbin/iptables", "iptables");

    /** The plugin that links pods to the node. */
    enum Link {
        PTP("\"type\":\"ptp\",\"ipMasq\":false"),
        BRIDGE("\"type\":\"bridge\",\"bridge\":\"cni0\",\"isGateway\":true,\"ipMasq\":false,\"hairpinMode\":true");

        final String options;

        Link(String options) {
            this.options = options;
        }
    }

    private final Link link;
    private final DebianPackages packages;

    ReferenceChain(Link link, DebianPackages packages) {
        this.link = link;
        this.packages = packages;
    }

    @Override
    public void prepare() {
        packages.require(PACKAGES);
    }

    @Override
    public void onNode(Lab lab, Node node) {
        lab.enableForwarding(node.name());
        List<String> podCidrs = lab.podCidrs(node.name());
        for (Node other : lab.nodes()) {
            if (!other.name().equals(node.name())) {
                lab.routeToPods(other.name(), node.name(), podCidrs);
                lab.routeToPods(node.name(), other.name(), lab.podCidrs(other.name()));
            }
        }
        node.exec("sh", "-c", "cp /usr/lib/cni/* /opt/cni/bin/");
        node.write("/etc/cni/net.d/10-reference.conflist", conflist(podCidrs));
    }

    @Override
    public void onCluster(Lab lab) {}

    String conflist(List<String> podCidrs) {
        return conflist(link.options, podCidrs);
    }

    /**
     * The plugin chain of a node.
     *
     * @param link the first plugin's type and options, as members of a JSON object
     * @param podCidrs of the node
     */
    static String conflist(String link, List<String> podCidrs) {
        String ranges =
                podCidrs.stream().map(cidr -> "[{\"subnet\":\"" + cidr + "\"}]").collect(Collectors.joining(","));
        return """
                {"cniVersion":"1.0.0","name":"reference","plugins":[
                 {%s,"ipam":{"type":"host-local","dataDir":"/run/cni-ipam","ranges":[%s],
                  "routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}},
                 {"type":"portmap","capabilities":{"portMappings":true}}]}
                """.formatted(link, ranges);
    }
}
