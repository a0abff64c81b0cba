package dev.weft.e2e.lab;

import dev.weft.e2e.process.Commands;
import java.util.List;

/**
 * The lab's segment: a bridge in the control plane's namespace, a veth pair to each node. All addresses are the lab's
 * own, so labs side by side use the same ones.
 */
public final class Network {
    public static final String API_SERVER_IPV4 = "172.18.0.1";
    public static final String API_SERVER_IPV6 = "fd00:18::1";
    public static final int API_SERVER_PORT = 6443;
    /** Where programs inside the lab's namespaces find the API server. */
    public static final String API_SERVER_URL = "https://" + API_SERVER_IPV4 + ":" + API_SERVER_PORT;

    public static final String POD_CIDRS = "10.244.0.0/16,fd00:244::/56";
    public static final String SERVICE_CIDRS = "10.96.0.0/16,fd00:96::/112";
    public static final String DNS_SERVICE = "10.96.0.10";

    private static final String BRIDGE = "br0";
    /** The node's interface on the segment. */
    static final String UPLINK = "eth0";

    private final LabName lab;

    Network(LabName lab) {
        this.lab = lab;
    }

    void createControlPlane() {
        Netns netns = lab.controlPlane();
        netns.create();
        netns.ip("link add " + BRIDGE + " type bridge");
        netns.ip("addr add " + API_SERVER_IPV4 + "/24 dev " + BRIDGE);
        netns.ip("addr add " + API_SERVER_IPV6 + "/64 dev " + BRIDGE + " nodad");
        netns.ip("link set " + BRIDGE + " up");
        forward(netns, true);
    }

    /** Makes the node's namespace and its link. Forwarding is off, as on a machine that nothing has set up yet. */
    void createNode(NodeName node) {
        Netns netns = lab.node(node);
        netns.create();
        Netns controlPlane = lab.controlPlane();
        controlPlane.ip("link add " + node.value() + " type veth peer name " + UPLINK + " netns " + netns.name());
        controlPlane.ip("link set " + node.value() + " master " + BRIDGE + " up");
        netns.ip("addr add " + node.ipv4() + "/24 dev " + UPLINK);
        netns.ip("addr add " + node.ipv6() + "/64 dev " + UPLINK + " nodad");
        netns.ip("link set " + UPLINK + " up");
        netns.ip("route add default via " + API_SERVER_IPV4);
        netns.ip("-6 route add default via " + API_SERVER_IPV6);
        forward(netns, false);
    }

    /** Lets the node forward packets, which the reference pod networks leave to the administrator. */
    void enableForwarding(NodeName node) {
        forward(lab.node(node), true);
    }

    /** Removes the node's namespace and its link, with the control plane's routes to its pods. */
    void deleteNode(NodeName node) {
        // The kernel takes namespaces down in its own time; by its other end the link goes now and its name is free.
        if (lab.controlPlane().ip("-o link show").contains(" " + node.value() + "@")) {
            lab.controlPlane().ip("link del " + node.value());
        }
        lab.controlPlane().ip("route flush via " + node.ipv4());
        lab.controlPlane().ip("-6 route flush via " + node.ipv6());
        lab.node(node).delete();
    }

    /** Routes from the control plane to a node's pods: API server and {@code e2e.test} talk to pods directly. */
    void routeToPods(NodeName node, List<String> podCidrs) {
        podCidrs.forEach(cidr -> route(lab.controlPlane(), cidr, node));
    }

    /** Routes from one node to another's pods, for pod networks without any of their own. */
    void routeToPods(NodeName from, NodeName to, List<String> podCidrs) {
        podCidrs.forEach(cidr -> route(lab.node(from), cidr, to));
    }

    /** Routes from the control plane to pods, through these addresses of their node. */
    void routeToPods(List<String> podCidrs, String ipv4, String ipv6) {
        podCidrs.forEach(cidr -> route(lab.controlPlane(), cidr, ipv4, ipv6));
    }

    /** Replaces a node's addresses; what it sends goes the same way as before. */
    void readdress(NodeName node, String ipv4, String ipv6) {
        Netns netns = lab.node(node);
        netns.ip("addr flush dev " + UPLINK + " scope global");
        netns.ip("addr add " + ipv4 + "/24 dev " + UPLINK);
        netns.ip("addr add " + ipv6 + "/64 dev " + UPLINK + " nodad");
        netns.ip("route replace default via " + API_SERVER_IPV4);
        netns.ip("-6 route replace default via " + API_SERVER_IPV6);
    }

    private static void route(Netns netns, String cidr, NodeName via) {
        route(netns, cidr, via.ipv4(), via.ipv6());
    }

    private static void route(Netns netns, String cidr, String ipv4, String ipv6) {
        boolean six = cidr.contains(":");
        netns.ip((six ? "-6 " : "") + "route replace " + cidr + " via " + (six ? ipv6 : ipv4));
    }

    private static void forward(Netns netns, boolean on) {
        String value = on ? "1" : "0";
        String write = "echo " + value + " > /proc/sys/net/ipv4/ip_forward && echo " + value
                + " > /proc/sys/net/ipv6/conf/all/forwarding";
        Commands.run(netns.enter(List.of("sh", "-c", write)));
    }
}
