package dev.weft.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.Ip;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NetworkNamespaces.class)
class UdpServerSocketTest {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final int PORT = 5353;

    @ParameterizedTest
    @CsvSource({
        "::, 192.0.2.7, true",
        "::, 2001:db8::7, false",
        "0.0.0.0, 192.0.2.7, true",
        "2001:db8::7, 2001:db8::7, false",
        "192.0.2.7, 192.0.2.7, true"
    })
    void answersLeaveFromTheAddressAsked(String bind, String asked, boolean ipv4, TestNetns test) {
        test.address("192.0.2.7/32", "lo");
        test.address("2001:db8::7/128", "lo");
        Ip ip = Ip.parse(asked);
        try (Netns netns = Netns.open(test.path());
                UdpServerSocket server = open(netns, bind);
                UdpSocket client = UdpSocket.openIn(netns, Ip.parse(ipv4 ? "127.0.0.1" : "::1"), 0)) {
            client.send("question".getBytes(UTF_8), ip, PORT);

            assertThat(server.receive()).isEqualTo(1);
            byte[] data = new byte[100];
            assertThat(new String(data, 0, server.read(0, data), UTF_8)).isEqualTo("question");
            assertThat(server.isIpv4(0)).isEqualTo(ipv4);
            assertThat(server.isCut(0)).isFalse();
            UdpServerSocket.ReturnPath later = server.returnPath(0);
            server.reply(0, "answer".getBytes(UTF_8), 6);
            server.flush();
            expect(client, "answer", ip);
            server.send(later, "late".getBytes(UTF_8), 4);
            expect(client, "late", ip);
            assertThat(server.failures()).isZero();
        }
    }

    @Test
    void manyDatagramsComeAtOnceAndAnswersGoToWhomTheyBelong(TestNetns test) {
        Ip ip = Ip.parse("127.0.0.1");
        try (Netns netns = Netns.open(test.path());
                UdpServerSocket server = open(netns, "::");
                UdpSocket odd = UdpSocket.openIn(netns, ip, 0);
                UdpSocket even = UdpSocket.openIn(netns, ip, 0)) {
            for (byte i = 0; i < 8; i++) {
                (i % 2 == 0 ? even : odd).send(new byte[] {i}, ip, PORT);
            }
            assertThat(server.receive()).isEqualTo(8);
            byte[] data = new byte[100];
            for (int i = 0; i < 8; i++) {
                assertThat(server.read(i, data)).isEqualTo(1);
                if (data[0] != 3) { // not everything is answered
                    server.reply(i, data, 1);
                }
            }
            server.flush();
            for (byte i = 0; i < 8; i++) {
                if (i != 3) {
                    assertThat((i % 2 == 0 ? even : odd)
                                    .receive(TIME)
                                    .orElseThrow()
                                    .payload())
                            .containsExactly(i);
                }
            }
        }
    }

    @Test
    void severalShareAPortAndLongDatagramsAreCut(TestNetns test) {
        Ip ip = Ip.parse("127.0.0.1");
        try (Netns netns = Netns.open(test.path());
                UdpServerSocket server = open(netns, "127.0.0.1");
                UdpSocket client = UdpSocket.openIn(netns, ip, 0)) {
            open(netns, "127.0.0.1").close();
            client.send(new byte[2000], ip, PORT);
            assertThat(server.receive()).isEqualTo(1);
            assertThat(server.isCut(0)).isTrue();
            assertThat(server.receive()).as("nothing more in time").isZero();
            assertThatThrownBy(() -> open(netns, "192.0.2.99"))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRNOTAVAIL));
        }
    }

    private static UdpServerSocket open(Netns netns, String bind) {
        return netns.call(() -> UdpServerSocket.open(Ip.parse(bind), PORT, 8, 1232, Duration.ofMillis(200)));
    }

    private static void expect(UdpSocket client, String text, Ip from) {
        UdpSocket.Datagram got = client.receive(TIME).orElseThrow();
        assertThat(new String(got.payload(), UTF_8)).isEqualTo(text);
        assertThat(got.from()).isEqualTo(from);
        assertThat(got.port()).isEqualTo(PORT);
    }
}
