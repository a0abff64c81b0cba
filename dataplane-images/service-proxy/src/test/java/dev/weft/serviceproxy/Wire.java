package dev.weft.serviceproxy;

import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.testkit.TestNetns;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A node with pods behind it and a network before it: four namespaces. All endpoints live in one namespace, each with an
 * address and servers of its own that say which address was reached and who asked.
 */
final class Wire implements AutoCloseable {
    static final int TARGET = 8080;

    private static final int LONG_MS = 3000;
    private static final int SHORT_MS = 120;

    final Family family;
    final TestNetns node;
    private final TestNetns pod;
    private final TestNetns outside;
    private final TestNetns endpoints;
    private final List<Closeable> servers = new ArrayList<>();
    /** Held while datagrams are taken but not answered. */
    final ReentrantLock answers = new ReentrantLock();

    /** Who asks. */
    enum Client {
        POD,
        NODE,
        OUTSIDE
    }

    /** What came of it. */
    sealed interface Outcome {
        /** An endpoint answered. */
        record Answered(Ip endpoint, Ip seenSource) implements Outcome {}

        record Refused() implements Outcome {}

        record Silence() implements Outcome {}
    }

    Wire(Family family, TestNetns node, TestNetns pod, TestNetns outside, TestNetns endpoints) {
        this.family = family;
        this.node = node;
        this.pod = pod;
        this.outside = outside;
        this.endpoints = endpoints;
        // No waiting for duplicate address detection of link-local addresses.
        for (TestNetns netns : List.of(node, pod, outside, endpoints)) {
            netns.exec("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.all.accept_dad=0");
        }
        link(pod, "pod", 1);
        link(endpoints, "eps", 2);
        link(outside, "out", 3);
        node.exec("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        // Errors are what is looked for here, many a second.
        node.exec("sysctl", "-qw", "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0");
        add(node, nodeAddress(), "out0");
        add(pod, podAddress(), "lo");
        add(outside, outsideAddress(), "lo");
        node.ip("route", "add", cidr(podAddress()), "via", inner(1).toString(), "dev", "pod0");
        node.ip("route", "add", cidr(outsideAddress()), "via", inner(3).toString(), "dev", "out0");
        for (Ip endpoint : endpointAddresses()) {
            add(endpoints, endpoint, "lo");
            node.ip("route", "add", cidr(endpoint), "via", inner(2).toString(), "dev", "eps0");
            serve(endpoint);
        }
        // Sources are chosen by these routes.
        pod.ip(
                "route",
                "add",
                "default",
                "via",
                gateway(1).toString(),
                "src",
                podAddress().toString());
        outside.ip(
                "route",
                "add",
                "default",
                "via",
                gateway(3).toString(),
                "src",
                outsideAddress().toString());
        endpoints.ip("route", "add", "default", "via", gateway(2).toString());
        node.ip(
                "route",
                "add",
                "default",
                "via",
                inner(3).toString(),
                "src",
                nodeAddress().toString());
    }

    Ip nodeAddress() {
        return ip("192.0.2.7", "2001:db8::7");
    }

    Ip podAddress() {
        return ip("10.244.0.50", "fd00:244::50");
    }

    Ip outsideAddress() {
        return ip("192.0.2.200", "2001:db8::200");
    }

    /** Three on the node, three on another. */
    List<Ip> endpointAddresses() {
        List<Ip> all = new ArrayList<>();
        for (int other = 0; other < 2; other++) {
            for (int n = 2; n < 5; n++) {
                all.add(endpoint(other, n));
            }
        }
        return all;
    }

    Ip endpoint(int onNode, int n) {
        return ip("10.244." + onNode + "." + n, "fd00:244:0:" + onNode + "::" + n);
    }

    Ip ip(String v4, String v6) {
        return Ip.parse(family == Family.IPV4 ? v4 : v6);
    }

    private Ip gateway(int link) {
        return ip("169.254." + link + ".1", "fd00:ffff:" + link + "::1");
    }

    private Ip inner(int link) {
        return ip("169.254." + link + ".2", "fd00:ffff:" + link + "::2");
    }

    private void link(TestNetns to, String name, int number) {
        node.ip("link", "add", name + "0", "type", "veth", "peer", "name", "eth0", "netns", to.name());
        node.ip("link", "set", name + "0", "up");
        to.ip("link", "set", "eth0", "up");
        prefix(node, gateway(number), name + "0");
        prefix(to, inner(number), "eth0");
    }

    private void prefix(TestNetns in, Ip ip, String device) {
        in.address(ip + (family == Family.IPV4 ? "/24" : "/64"), device);
    }

    private void add(TestNetns in, Ip ip, String device) {
        in.address(cidr(ip), device);
    }

    private static String cidr(Ip ip) {
        return ip + (ip.family() == Family.IPV4 ? "/32" : "/128");
    }

    private void serve(Ip endpoint) {
        ServerSocket tcp = in(endpoints, () -> new ServerSocket(TARGET, 50, endpoint.toInetAddress()));
        servers.add(tcp);
        Thread.ofPlatform().daemon().start(() -> {
            while (!tcp.isClosed()) {
                try (Socket client = tcp.accept()) {
                    client.getOutputStream()
                            .write((endpoint + " " + Ip.of(client.getInetAddress())).getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        DatagramSocket udp =
                in(endpoints, () -> new DatagramSocket(new InetSocketAddress(endpoint.toInetAddress(), TARGET)));
        servers.add(udp);
        Thread.ofPlatform().daemon().start(() -> {
            while (!udp.isClosed()) {
                try {
                    DatagramPacket packet = new DatagramPacket(new byte[10], 10);
                    udp.receive(packet);
                    byte[] reply = (endpoint + " " + Ip.of(packet.getAddress())).getBytes(StandardCharsets.UTF_8);
                    answers.lock();
                    try {
                        udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                    } finally {
                        answers.unlock();
                    }
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
    }

    /**
     * Connects, or sends a datagram.
     *
     * @param silent whether no answer is expected, so that it is not waited for so long
     */
    Outcome ask(Client client, int protocol, Ip to, int port, boolean silent) {
        return in(namespace(client), () -> protocol == 6 ? tcp(to, port, silent) : udp(to, port, silent));
    }

    /** From an endpoint itself. */
    Outcome askFrom(Ip endpoint, Ip to, int port) {
        return in(endpoints, () -> {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(endpoint.toInetAddress(), 0));
                return tcp(socket, to, port, false);
            }
        });
    }

    DatagramSocket udpSocket(Client client, Ip to, int port) {
        return in(namespace(client), () -> {
            DatagramSocket socket = new DatagramSocket();
            socket.connect(to.toInetAddress(), port);
            return socket;
        });
    }

    private TestNetns namespace(Client client) {
        return switch (client) {
            case POD -> pod;
            case NODE -> node;
            case OUTSIDE -> outside;
        };
    }

    private static Outcome tcp(Ip to, int port, boolean silent) throws IOException {
        try (Socket socket = new Socket()) {
            return tcp(socket, to, port, silent);
        }
    }

    private static Outcome tcp(Socket socket, Ip to, int port, boolean silent) throws IOException {
        try {
            socket.connect(new InetSocketAddress(to.toInetAddress(), port), silent ? SHORT_MS : LONG_MS);
            socket.setSoTimeout(LONG_MS);
            return answered(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (SocketTimeoutException e) {
            return new Outcome.Silence();
        } catch (ConnectException e) {
            return new Outcome.Refused();
        }
    }

    private static Outcome udp(Ip to, int port, boolean silent) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(to.toInetAddress(), port);
            return udp(socket, silent);
        }
    }

    static Outcome udp(DatagramSocket socket, boolean silent) throws IOException {
        try {
            socket.setSoTimeout(silent ? SHORT_MS : LONG_MS);
            ask(socket);
            return receive(socket);
        } catch (SocketTimeoutException e) {
            return new Outcome.Silence();
        } catch (PortUnreachableException e) {
            return new Outcome.Refused();
        } catch (IOException e) {
            // What the output hook drops or rejects, the sender is told: EPERM.
            return silent ? new Outcome.Silence() : new Outcome.Refused();
        }
    }

    static Outcome receive(DatagramSocket socket) throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[200], 200);
        socket.receive(answer);
        return answered(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8));
    }

    static void ask(DatagramSocket socket) throws IOException {
        socket.send(new DatagramPacket(new byte[] {'?'}, 1));
    }

    private static Outcome answered(String text) {
        int blank = text.indexOf(' ');
        return new Outcome.Answered(Ip.parse(text.substring(0, blank)), Ip.parse(text.substring(blank + 1)));
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
