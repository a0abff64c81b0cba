package dev.weft.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.FreePort;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import org.xbill.DNS.Message;

/** Another DNS server, on loopback, that says what a test tells it to, over UDP and TCP or TLS on one port. */
public final class FakeUpstream implements AutoCloseable {
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Integer> clientPorts = Collections.synchronizedList(new ArrayList<>());
    private volatile Function<Message, List<byte[]>> overUdp;
    private volatile Function<Message, List<byte[]>> overTcp;

    public FakeUpstream(Function<Message, List<byte[]>> answers) throws IOException {
        this(answers, ServerSocketFactory.getDefault());
    }

    /** @param sockets for the stream side */
    public FakeUpstream(Function<Message, List<byte[]>> answers, ServerSocketFactory sockets) throws IOException {
        overUdp = answers;
        overTcp = answers;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.next());
        udp = new DatagramSocket(address);
        tcp = sockets.createServerSocket();
        tcp.bind(address);
        Thread.ofVirtual().start(this::udp);
        Thread.ofVirtual().start(this::tcp);
    }

    public int port() {
        return udp.getLocalPort();
    }

    public int asked() {
        return asked.get();
    }

    /** Connections that were made. */
    public int connections() {
        return connections.get();
    }

    /** Where questions over UDP came from, in their order. */
    public List<Integer> clientPorts() {
        return List.copyOf(clientPorts);
    }

    public void answers(Function<Message, List<byte[]>> answers) {
        overUdp = answers;
        overTcp = answers;
    }

    public void answersOverTcp(Function<Message, List<byte[]>> answers) {
        overTcp = answers;
    }

    /** Ends all connections. */
    public void hangUp() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void udp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                asked.incrementAndGet();
                clientPorts.add(packet.getPort());
                for (byte[] answer : overUdp.apply(new Message(Arrays.copyOf(buffer, packet.getLength())))) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void tcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                asked.incrementAndGet();
                for (byte[] answer : overTcp.apply(new Message(query))) {
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        } catch (IOException e) {
            assertThat(e).isNotNull(); // a client that went away
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        hangUp();
    }
}
