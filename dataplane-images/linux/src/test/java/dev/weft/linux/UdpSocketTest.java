package dev.weft.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.Ip;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NetworkNamespaces.class)
class UdpSocketTest {
    private static final Duration TIME = Duration.ofSeconds(10);

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 1472", "::1, 1452"})
    void datagramsGoThereAndBack(String text, int most, TestNetns test) {
        test.ip("link", "set", "lo", "mtu", "1500");
        Ip ip = Ip.parse(text);
        try (Netns netns = Netns.open(test.path());
                UdpSocket server = UdpSocket.openIn(netns, ip, 9471);
                UdpSocket client = UdpSocket.openIn(netns, ip, 0)) {
            assertThat(server.port()).isEqualTo(9471);
            for (UdpSocket.PathMtu mode : new UdpSocket.PathMtu[] {UdpSocket.PathMtu.DO, UdpSocket.PathMtu.PROBE}) {
                client.pathMtu(mode);
                client.send(new byte[most], ip, 9471);
                UdpSocket.Datagram asked = server.receive(TIME).orElseThrow();
                assertThat(asked.payload()).hasSize(most);
                assertThat(asked.from()).isEqualTo(ip);
                assertThat(asked.port()).isEqualTo(client.port());
                server.send(new byte[] {1}, asked.from(), asked.port());
                assertThat(client.receive(TIME).orElseThrow().payload()).containsExactly(1);

                assertThatThrownBy(() -> client.send(new byte[most + 1], ip, 9471))
                        .isInstanceOfSatisfying(
                                LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EMSGSIZE));
            }
            client.pathMtu(UdpSocket.PathMtu.FRAGMENT);
            client.send(new byte[20_000], ip, 9471);
            assertThat(server.receive(TIME).orElseThrow().payload()).hasSize(20_000);
            client.send(new byte[0], ip, 9471);
            assertThat(server.receive(TIME).orElseThrow().payload()).isEmpty();
            assertThat(server.receive(Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void refusalsAreTyped(TestNetns test) {
        try (Netns netns = Netns.open(test.path());
                UdpSocket socket = UdpSocket.openIn(netns, Ip.parse("0.0.0.0"), 5000)) {
            assertThatThrownBy(() -> UdpSocket.openIn(netns, Ip.parse("127.0.0.1"), 5000))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE));
            assertThatThrownBy(() -> UdpSocket.openIn(netns, Ip.parse("192.0.2.1"), 5000))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRNOTAVAIL));
            assertThatThrownBy(() -> socket.send(new byte[1], Ip.parse("192.0.2.1"), 1))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENETUNREACH));
            assertThatThrownBy(() -> socket.send(new byte[1], Ip.parse("::1"), 1))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EAFNOSUPPORT));
        }
        try (Netns netns = Netns.open(test.path())) {
            UdpSocket socket = UdpSocket.openIn(netns, Ip.parse("127.0.0.1"), 0);
            socket.close();
            socket.close();
            assertThatThrownBy(() -> socket.receive(TIME)).isInstanceOf(IllegalStateException.class);
        }
    }

    /** What the README says: the JDK's channels belong to the namespace that they are opened in. */
    @Test
    void channelsOpenedInANamespaceStayThere(TestNetns test) throws Exception {
        InetSocketAddress address = new InetSocketAddress(Ip.parse("127.0.0.1").toInetAddress(), 9471);
        try (Netns netns = Netns.open(test.path());
                ServerSocketChannel server = netns.call(ServerSocketChannel::open);
                SocketChannel client = netns.call(() -> SocketChannel.open())) {
            server.bind(address);
            client.connect(address);
            assertThat(client.isConnected()).isTrue();
            try (SocketChannel elsewhere = SocketChannel.open()) {
                assertThatThrownBy(() -> elsewhere.connect(address)).isInstanceOf(ConnectException.class);
            }
        }
    }
}
