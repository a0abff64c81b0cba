package dev.weft.linux.nflog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkWriter;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.Seeded;
import dev.weft.testkit.TestNetns;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NetworkNamespaces.class)
class PacketLogTest {
    /** UDP 10.0.0.1:4000 to 10.0.0.2:53. */
    private static final String IPV4 = "4500001d00004000401100000a0000010a0000020fa000350009000000";

    /** The same with a destination options header before it, IPv6. */
    private static final String IPV6 = "6000000000103c40" + "fd000000000000000000000000000001"
            + "fd000000000000000000000000000002" + "1100010400000000" + "0fa0003500080000";

    static NetlinkMessage message(String packet) {
        return new NetlinkWriter(200)
                .u8(2)
                .zeros(3)
                .attr(10, "in-abc")
                .attr(9, HexFormat.of().parseHex(packet))
                .message(LoggedPacket.PACKET, 0);
    }

    @Test
    void readsWhoAPacketWasFromAndTo() {
        assertThat(LoggedPacket.decode(message(IPV4)))
                .contains(new LoggedPacket("in-abc", Ip.parse("10.0.0.1"), Ip.parse("10.0.0.2"), 17, 4000, 53));
        assertThat(LoggedPacket.decode(message(IPV6)))
                .contains(new LoggedPacket("in-abc", Ip.parse("fd00::1"), Ip.parse("fd00::2"), 17, 4000, 53));
        assertThat(LoggedPacket.decode(message("45000000"))).isEmpty();
    }

    @Test
    void anyDamageReadsOrIsRefused() {
        Seeded.loop(20_000, random -> {
            byte[] bytes = message(random.nextBoolean() ? IPV4 : IPV6).payload().clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            readsOrIsRefused(new NetlinkMessage(LoggedPacket.PACKET, 0, bytes));
        });
    }

    static void readsOrIsRefused(NetlinkMessage message) {
        try {
            LoggedPacket.decode(message);
        } catch (NetlinkFormatException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Test
    void receivesWhatARuleLogs(TestNetns testNetns) throws Exception {
        testNetns.nftScript("""
                table inet t {
                  chain c { type filter hook output priority 0; udp dport 5001 log prefix "here" group 87; }
                }
                """);
        try (Netns netns = Netns.open(testNetns.path());
                PacketLog log = PacketLog.openIn(netns, 87)) {
            for (String loopback : List.of("127.0.0.1", "::1")) {
                netns.call(() -> {
                    try (DatagramSocket socket = new DatagramSocket()) {
                        socket.send(new DatagramPacket(new byte[1], 1, InetAddress.ofLiteral(loopback), 5001));
                    }
                    return "";
                });
            }
            List<LoggedPacket> seen = new ArrayList<>();
            for (int wait = 0; wait < 50 && seen.size() < 2; wait++) {
                seen.addAll(log.receive(Duration.ofMillis(200)));
            }
            assertThat(seen).extracting(LoggedPacket::destination).contains(Ip.parse("::1"), Ip.parse("127.0.0.1"));
            assertThat(seen).allMatch(packet -> packet.prefix().equals("here") && packet.destinationPort() == 5001);
        }
    }
}
