package dev.weft.cni.pod;

import dev.weft.linux.Netns;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Traffic between the namespaces of a test. */
public final class Traffic {
    private static final int TIMEOUT_MS = 2000;
    private static final int REFUSED_MS = 300;

    private Traffic() {}

    /** Answers every TCP connection on a port with a greeting and the peer's address, until closed. */
    public static AutoCloseable serveTcp(TestNetns netns, int port, String greeting) {
        ServerSocket server = in(netns, () -> new ServerSocket(port, 10));
        Thread.ofPlatform().daemon().start(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    String reply = greeting + " " + client.getInetAddress().getHostAddress();
                    client.getOutputStream().write(reply.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        return server;
    }

    /** Answers every datagram on a port with a greeting and the peer's address, until closed. */
    public static AutoCloseable serveUdp(TestNetns netns, int port, String greeting) {
        DatagramSocket server = in(netns, () -> new DatagramSocket(port));
        Thread.ofPlatform().daemon().start(() -> {
            byte[] buffer = new byte[2000];
            while (!server.isClosed()) {
                try {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    server.receive(packet);
                    byte[] reply =
                            (greeting + " " + packet.getAddress().getHostAddress()).getBytes(StandardCharsets.UTF_8);
                    server.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        return server;
    }

    /** What a TCP server says; empty if it cannot be reached. */
    public static String askTcp(TestNetns from, String to, int port) {
        return askTcpFrom(from, to.contains(":") ? "::" : "0.0.0.0", to, port);
    }

    /** What a TCP server says to this source address; empty if it cannot be reached. */
    public static String askTcpFrom(TestNetns from, String source, String to, int port) {
        return in(from, () -> {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(to), port), TIMEOUT_MS);
                socket.setSoTimeout(TIMEOUT_MS);
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return "";
            }
        });
    }

    /** What a UDP server says; empty if nothing comes. */
    public static String askUdp(TestNetns from, String to, int port) {
        return in(from, () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                return askUdp(socket, to, port, TIMEOUT_MS);
            }
        });
    }

    /** What a UDP server says to this socket; empty if nothing comes soon. */
    public static String askUdpAgain(DatagramSocket socket, String to, int port) throws IOException {
        return askUdp(socket, to, port, REFUSED_MS);
    }

    /** A UDP socket of a namespace. */
    public static DatagramSocket udpSocket(TestNetns netns) {
        return in(netns, () -> new DatagramSocket());
    }

    private static String askUdp(DatagramSocket socket, String to, int port, int timeout) throws IOException {
        socket.setSoTimeout(timeout);
        byte[] question = {'?'};
        socket.send(new DatagramPacket(question, 1, new InetSocketAddress(InetAddress.ofLiteral(to), port)));
        DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
        try {
            socket.receive(answer);
        } catch (SocketTimeoutException | PortUnreachableException e) {
            return "";
        }
        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
    }

    private static <T> T in(TestNetns netns, Netns.Body<T, IOException> body) {
        try (Netns entered = Netns.open(netns.path())) {
            return entered.call(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
