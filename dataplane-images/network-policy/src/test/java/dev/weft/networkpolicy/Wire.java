package dev.weft.networkpolicy;

import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.testkit.TestNetns;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A node with three pods of its own and all else behind one more link: pods of other nodes, and the world. Everywhere
 * there are servers on a few ports, TCP and UDP, in both families.
 */
final class Wire implements AutoCloseable {
    static final int FIRST_PORT = 8000;
    static final int PORTS = 4;

    final TestNetns node;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final List<Closeable> servers = new ArrayList<>();

    /** Numbers of the datagrams that arrived. */
    final Set<Integer> arrived = ConcurrentHashMap.newKeySet();

    /** A namespace and an address of each family that it has for one name. */
    record Place(String name, TestNetns netns, Ip ipv4, Ip ipv6) {
        Ip ip(Family family) {
            return family == Family.IPV4 ? ipv4 : ipv6;
        }

        List<Ip> ips() {
            return List.of(ipv4, ipv6);
        }
    }

    Wire(TestNetns node, TestNetns one, TestNetns two, TestNetns three, TestNetns far) {
        this.node = node;
        for (TestNetns netns : List.of(node, one, two, three, far)) {
            netns.exec("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.all.accept_dad=0");
        }
        node.exec("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        link(one, 1);
        link(two, 2);
        link(three, 3);
        link(far, 4);
        place("one", one, 1, pod(1));
        place("two", two, 2, pod(2));
        place("three", three, 3, pod(3));
        place("far-1", far, 4, pod(201));
        place("far-2", far, 4, pod(202));
        place("far-3", far, 4, pod(203));
        place("world", far, 4, List.of(Ip.parse("203.0.113.9"), Ip.parse("2001:db8:9::9")));
        Place itself = new Place("node", node, Ip.parse("192.0.2.1"), Ip.parse("2001:db8::1"));
        itself.ips().forEach(ip -> address(node, ip, "lo"));
        places.put("node", itself);
        for (TestNetns netns : List.of(node, one, two, three, far)) {
            serve(netns);
        }
    }

    static List<Ip> pod(int n) {
        return List.of(Ip.parse("10.244.1." + n), Ip.parse("fd00:244:1::" + n));
    }

    Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException(name);
        }
        return place;
    }

    private void place(String name, TestNetns netns, int link, List<Ip> ips) {
        places.put(name, new Place(name, netns, ips.get(0), ips.get(1)));
        for (Ip ip : ips) {
            address(netns, ip, "lo");
            String inner = ip.family() == Family.IPV4 ? "169.254." + link + ".2" : "fd00:ffff:" + link + "::2";
            node.ip("route", "add", host(ip), "via", inner, "dev", "pod" + link);
        }
    }

    private static String host(Ip ip) {
        return ip + (ip.family() == Family.IPV4 ? "/32" : "/128");
    }

    private static void address(TestNetns in, Ip ip, String device) {
        in.ip("addr", "add", host(ip), "dev", device);
    }

    private void link(TestNetns to, int n) {
        node.ip("link", "add", "pod" + n, "type", "veth", "peer", "name", "eth0", "netns", to.name());
        node.ip("addr", "add", "169.254." + n + ".1/24", "dev", "pod" + n);
        to.ip("addr", "add", "169.254." + n + ".2/24", "dev", "eth0");
        node.ip("addr", "add", "fd00:ffff:" + n + "::1/64", "dev", "pod" + n, "nodad");
        to.ip("addr", "add", "fd00:ffff:" + n + "::2/64", "dev", "eth0", "nodad");
        node.ip("link", "set", "pod" + n, "up");
        to.ip("link", "set", "eth0", "up");
        to.ip("route", "add", "default", "via", "169.254." + n + ".1");
        to.ip("-6", "route", "add", "default", "via", "fd00:ffff:" + n + "::1");
    }

    private void serve(TestNetns netns) {
        in(netns, () -> {
            for (int port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
                ServerSocketChannel tcp = ServerSocketChannel.open().bind(new InetSocketAddress(port), 2000);
                DatagramChannel udp = DatagramChannel.open().bind(new InetSocketAddress(port));
                servers.add(tcp);
                servers.add(udp);
                Thread.ofPlatform().daemon().start(() -> accept(tcp));
                Thread.ofPlatform().daemon().start(() -> receive(udp));
            }
            return true;
        });
    }

    private static void accept(ServerSocketChannel tcp) {
        while (tcp.isOpen()) {
            try {
                SocketChannel client = tcp.accept();
                // Whoever goes on with a connection gets back what it sends.
                Thread.ofVirtual().start(() -> echo(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static void echo(SocketChannel client) {
        try (client) {
            ByteBuffer bytes = ByteBuffer.allocate(100);
            while (client.read(bytes.clear()) >= 0) {
                client.write(bytes.flip());
            }
        } catch (IOException e) {
            return; // gone
        }
    }

    private void receive(DatagramChannel udp) {
        ByteBuffer bytes = ByteBuffer.allocate(4);
        while (udp.isOpen()) {
            try {
                var from = udp.receive(bytes.clear());
                arrived.add(bytes.getInt(0));
                udp.send(bytes.flip(), from);
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** A connection that is being made. */
    SocketChannel connect(Place from, Place to, Family family, int port) {
        return in(from.netns(), () -> {
            SocketChannel channel = SocketChannel.open(protocol(family));
            channel.bind(new InetSocketAddress(from.ip(family).toInetAddress(), 0));
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(to.ip(family).toInetAddress(), port));
            return channel;
        });
    }

    /** Sends a datagram that carries a number. */
    DatagramChannel send(Place from, Place to, Family family, int port, int number) {
        return in(from.netns(), () -> {
            DatagramChannel channel = DatagramChannel.open(protocol(family));
            channel.bind(new InetSocketAddress(from.ip(family).toInetAddress(), 0));
            channel.connect(new InetSocketAddress(to.ip(family).toInetAddress(), port));
            channel.configureBlocking(false);
            channel.write(ByteBuffer.allocate(4).putInt(0, number));
            return channel;
        });
    }

    static StandardProtocolFamily protocol(Family family) {
        return family == Family.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    static <T> T in(TestNetns netns, Netns.Body<T, IOException> body) {
        try (Netns entered = Netns.open(netns.path())) {
            return entered.call(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Closeable server : servers) {
            server.close();
        }
    }
}
