package dev.weft.cni.routes;

import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;

/** What a pod of a kernel test runs: it sends back every datagram, unfragmented. */
final class PodEcho implements AutoCloseable {
    private static final int PORT = 7;

    private final Netns netns;
    private final List<DatagramChannel> channels = new ArrayList<>();

    private PodEcho(Netns netns) {
        this.netns = netns;
    }

    static PodEcho start(Netns netns, List<Ip> addresses) throws IOException {
        PodEcho echo = new PodEcho(netns);
        for (Ip address : addresses) {
            DatagramChannel channel = echo.channel(address, PORT);
            echo.channels.add(channel);
            Thread.ofPlatform().daemon().name("echo").start(() -> serve(channel));
        }
        return echo;
    }

    private static void serve(DatagramChannel channel) {
        ByteBuffer datagram = ByteBuffer.allocate(1 << 16);
        while (channel.isOpen()) {
            try {
                InetSocketAddress source = (InetSocketAddress) channel.receive(datagram.clear());
                channel.send(datagram.flip(), source);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                System.err.println("echo: " + e.getMessage());
            }
        }
    }

    /** Whether an IP packet of this size gets to the other pod's echo and back; asks again while there is patience. */
    boolean asks(Ip own, Ip other, int packetBytes, Duration patience) throws IOException {
        int payload = packetBytes - (other.family() == Family.IPV4 ? 20 : 40) - 8;
        long end = System.nanoTime() + patience.toNanos();
        try (DatagramChannel channel = channel(own, 0);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            while (System.nanoTime() < end) {
                channel.send(ByteBuffer.allocate(payload), new InetSocketAddress(other.toInetAddress(), PORT));
                if (selector.select(700) > 0 && channel.receive(ByteBuffer.allocate(1 << 16)) != null) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).matches("Message too long|Network is unreachable|No route to host")) {
                return false;
            }
            throw e;
        }
    }

    private DatagramChannel channel(Ip own, int port) throws IOException {
        return netns.call(() -> {
            DatagramChannel channel = DatagramChannel.open(
                    own.family() == Family.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true);
            return channel.bind(new InetSocketAddress(own.toInetAddress(), port));
        });
    }

    @Override
    public void close() throws IOException {
        for (DatagramChannel channel : channels) {
            channel.close();
        }
    }
}
