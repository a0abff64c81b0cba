package dev.weft.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.Netns;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NetworkNamespaces.class)
class CountedTest {
    @Test
    void readsWhatRulesHaveCounted(TestNetns testNetns) throws Exception {
        testNetns.nftScript("""
                table inet t {
                  chain c {
                    type filter hook output priority 0
                    udp dport 5001 counter comment "here"
                    udp dport 5002 counter comment "not here"
                    udp dport 5001 accept
                  }
                }
                table inet other {
                  chain c { type filter hook output priority 1; counter; }
                }
                """);
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            netns.call(() -> {
                try (DatagramSocket socket = new DatagramSocket()) {
                    socket.send(new DatagramPacket(new byte[12], 12, InetAddress.ofLiteral("127.0.0.1"), 5001));
                }
                return "";
            });
            assertThat(nftables.counters(Table.inet("t")).get("c"))
                    .containsExactly(new Counted("here", 1, 40), new Counted("not here", 0, 0));
            assertThat(nftables.counters(Table.inet("absent"))).isEmpty();
        }
    }
}
