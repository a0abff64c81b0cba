package dev.weft.e2e.bench;

import dev.weft.e2e.lab.Node;

/**
 * The links that an administrator would set up with {@code ip}: pods {@code nb-ha} and {@code nb-hb} on the near node,
 * {@code nb-hc} on the far one.
 */
final class HandMadeLinks {
    /** The address of the second pod on the near node. */
    static final String SAME = "10.93.1.3";
    /** The address of the pod on the far node. */
    static final String ACROSS = "10.93.2.2";

    private static final String CLIENT = "10.93.1.2";
    private static final int ENCAPSULATION = 50;

    private final Node near;
    private final Node far;
    private final boolean vxlan;

    HandMadeLinks(Node near, Node far, String routing) {
        this.near = near;
        this.far = far;
        this.vxlan = routing.equals("VXLAN");
    }

    void create() {
        int mtu = Integer.parseInt(near.exec("cat", "/sys/class/net/eth0/mtu").strip()) - (vxlan ? ENCAPSULATION : 0);
        pod(near, "ha", CLIENT, mtu);
        pod(near, "hb", SAME, mtu);
        pod(far, "hc", ACROSS, mtu);
        if (vxlan) {
            tunnel(near, "10.93.1.0", "02:00:00:00:93:01", far, "10.93.2.0", "02:00:00:00:93:02", mtu);
            tunnel(far, "10.93.2.0", "02:00:00:00:93:02", near, "10.93.1.0", "02:00:00:00:93:01", mtu);
        } else {
            ip(near, "route add 10.93.2.0/24 via " + far.name().ipv4());
            ip(far, "route add 10.93.1.0/24 via " + near.name().ipv4());
        }
    }

    void remove() {
        ip(near, "netns del nb-ha");
        ip(near, "netns del nb-hb");
        ip(far, "netns del nb-hc");
        if (vxlan) {
            ip(near, "link del nbvx");
            ip(far, "link del nbvx");
        } else {
            ip(near, "route del 10.93.2.0/24");
            ip(far, "route del 10.93.1.0/24");
        }
    }

    private static void pod(Node node, String pod, String address, int mtu) {
        String netns = "nb-" + pod;
        ip(node, "netns add " + netns);
        ip(node, "link add nbv" + pod + " mtu " + mtu + " type veth peer name eth0 mtu " + mtu + " netns " + netns);
        ip(node, "link set nbv" + pod + " up");
        ip(node, "-n " + netns + " link set lo up");
        ip(node, "-n " + netns + " link set eth0 up");
        ip(node, "-n " + netns + " addr add " + address + "/32 dev eth0");
        ip(node, "-n " + netns + " route add 169.254.1.1 dev eth0 scope link");
        ip(node, "-n " + netns + " route add default via 169.254.1.1 dev eth0");
        String outer = mac(node.exec("ip", "-br", "link", "show", "nbv" + pod));
        String inner = mac(node.exec("ip", "-n", netns, "-br", "link", "show", "eth0"));
        ip(node, "-n " + netns + " neigh add 169.254.1.1 lladdr " + outer + " dev eth0 nud permanent");
        ip(node, "neigh add " + address + " lladdr " + inner + " dev nbv" + pod + " nud permanent");
        ip(node, "route add " + address + "/32 dev nbv" + pod);
    }

    private static void tunnel(
            Node node, String address, String mac, Node other, String otherAddress, String otherMac, int mtu) {
        ip(
                node,
                "link add nbvx mtu " + mtu + " address " + mac + " type vxlan id 4242 dstport 4790 nolearning local "
                        + node.name().ipv4() + " dev eth0");
        ip(node, "addr add " + address + "/32 dev nbvx");
        ip(node, "link set nbvx up");
        node.exec(
                "bridge",
                "fdb",
                "add",
                otherMac,
                "dev",
                "nbvx",
                "dst",
                other.name().ipv4());
        ip(node, "neigh add " + otherAddress + " lladdr " + otherMac + " dev nbvx nud permanent");
        ip(node, "route add " + otherAddress + "/24 via " + otherAddress + " dev nbvx onlink");
    }

    /** The address in the third column of {@code ip -br link}. */
    private static String mac(String line) {
        return line.strip().split("\\s+")[2];
    }

    private static void ip(Node node, String arguments) {
        node.exec(("ip " + arguments).split(" "));
    }
}
