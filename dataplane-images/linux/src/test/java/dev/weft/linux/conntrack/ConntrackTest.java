package dev.weft.linux.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkSocket;
import dev.weft.linux.NetlinkWriter;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.Seeded;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NetworkNamespaces.class)
class ConntrackTest {
    private static final int TCP = 6;
    private static final int UDP = 17;

    private static final Flow FLOW = new Flow(
            new Flow.Tuple(Ip.parse("10.0.0.1"), Ip.parse("10.96.0.1"), 17, 4000, 53),
            new Flow.Tuple(Ip.parse("10.0.0.2"), Ip.parse("10.0.0.1"), 17, 5353, 4000),
            3,
            0x01020304);

    @Test
    void tellsRewrittenDestinations() {
        assertThat(FLOW.isDnatted()).isTrue();
        assertThat(new Flow(
                                FLOW.original(),
                                new Flow.Tuple(Ip.parse("10.96.0.1"), Ip.parse("10.0.0.1"), 17, 53, 4000),
                                0,
                                0)
                        .isDnatted())
                .isFalse();
    }

    @Test
    void anyDamageReadsOrIsRefused() {
        NetlinkMessage half = FLOW.delete();
        assertThat(Flow.decode(half)).as("half an entry is none").isEmpty();
        NetlinkReader tuple = NetlinkReader.of(half, 4);
        assertThat(tuple.next()).isTrue();
        NetlinkMessage good = new NetlinkWriter(256)
                .bytes(half.payload())
                .attr(2 | 0x8000, tuple.bytes())
                .message(Flow.GET, 0);
        assertThat(Flow.decode(good)).contains(new Flow(FLOW.original(), FLOW.original(), 3, 0x01020304));
        Seeded.loop(20_000, random -> {
            byte[] bytes = good.payload().clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            readsOrIsRefused(new NetlinkMessage(Flow.GET, 0, bytes));
        });
    }

    static void readsOrIsRefused(NetlinkMessage message) {
        try {
            Flow.decode(message);
        } catch (NetlinkFormatException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Test
    void findsAndDeletesWhatIsAskedFor(TestNetns testNetns) throws IOException {
        // Connections are tracked where a rule asks for their state.
        testNetns.nftScript("""
                table inet t {
                  chain c { type filter hook output priority 0; ct state new counter; }
                }
                """);
        try (Netns netns = Netns.open(testNetns.path());
                Conntrack conntrack = Conntrack.openIn(netns)) {
            for (String loopback : List.of("127.0.0.1", "::1")) {
                Ip ip = Ip.parse(loopback);
                Family family = ip.family();
                netns.call(() -> {
                    send(loopback, 5001);
                    send(loopback, 5002);
                    return "";
                });
                List<Flow> all = conntrack.flows(family, UDP, flow -> true);
                assertThat(all)
                        .extracting(flow -> flow.original().destinationPort())
                        .containsExactlyInAnyOrder(5001, 5002);
                assertThat(all).allMatch(flow -> flow.original().destination().equals(ip) && !flow.isDnatted());
                List<Flow> one =
                        conntrack.flows(family, UDP, flow -> flow.original().destinationPort() == 5001);
                assertThat(conntrack.mark(one, 0x6, 0x7)).isEqualTo(1);
                assertThat(conntrack.mark(one, 0x1, 0x3)).isEqualTo(1);
                assertThat(conntrack.flows(family, UDP, flow -> flow.mark() == 0x5))
                        .as("bits outside of the mask stay")
                        .hasSize(1);
                assertThat(conntrack.delete(one)).isEqualTo(1);
                assertThat(conntrack.mark(one, 1, 1)).as("none is made").isZero();
                assertThat(conntrack.delete(one)).as("gone already").isZero();
                assertThat(conntrack.flows(family, UDP, flow -> true))
                        .extracting(flow -> flow.original().destinationPort())
                        .containsExactly(5002);
            }
        }
    }

    @Test
    void theKernelSendsOnlyTheProtocolAskedFor(TestNetns testNetns) throws IOException {
        testNetns.nftScript("""
                table inet t {
                  chain c { type filter hook output priority 0; ct state new counter; }
                }
                """);
        try (Netns netns = Netns.open(testNetns.path());
                NetlinkSocket socket = NetlinkSocket.openIn(netns, NetlinkSocket.Protocol.NETFILTER)) {
            for (String loopback : List.of("127.0.0.1", "::1")) {
                Family family = Ip.parse(loopback).family();
                netns.call(() -> {
                    send(loopback, 5001);
                    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral(loopback));
                            Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                        return client.isConnected();
                    }
                });
                assertThat(protocols(socket, family, UDP)).containsExactly(UDP);
                assertThat(protocols(socket, family, TCP)).containsExactly(TCP);
                assertThat(protocols(socket, family, 132)).isEmpty();
            }
        }
    }

    private static List<Integer> protocols(NetlinkSocket socket, Family family, int protocol) {
        List<Integer> protocols = new ArrayList<>();
        for (NetlinkMessage message : socket.dump(Flow.get(family, protocol))) {
            Flow.decode(message).map(flow -> flow.original().protocol()).ifPresent(protocols::add);
        }
        return protocols;
    }

    private static void send(String to, int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[1], 1, InetAddress.ofLiteral(to), port));
        }
    }
}
