package dev.weft.cni.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.agent.TimeSource;
import dev.weft.cni.pod.PodLinks;
import dev.weft.cni.probe.ProbeEndpoint;
import dev.weft.config.NodeStatus;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that probe each other through the tunnel. */
@ExtendWith(NetworkNamespaces.class)
class ProbesKernelTest {
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path state;

    private volatile Learned learned = Learned.NOTHING;
    private TestNetns fabric;
    private TestNode a;
    private TestNode b;
    private PodLinks linksA;
    private PodLinks linksB;
    private ProbeEndpoint probeA;
    private ProbeEndpoint probeB;

    @BeforeEach
    void nodes(TestNetns wire, TestNetns n1, TestNetns n2, TestNetns p1, TestNetns p2) throws IOException {
        fabric = wire;
        TestNode.fabric(fabric);
        a = TestNode.create(1, fabric, n1, p1, Cluster.vxlan(), state);
        b = TestNode.create(2, fabric, n2, p2, Cluster.vxlan(), state);
        for (TestNode node : List.of(a, b)) {
            node.knows(List.of(a.info(), b.info()));
        }
        linksA = a.open().call(PodLinks::open);
        linksB = b.open().call(PodLinks::open);
        probeA = start(a, linksA, a.plan().podMtu());
        probeB = start(b, linksB, 1400);
    }

    private ProbeEndpoint start(TestNode node, PodLinks links, int mtu) throws IOException {
        ProbeEndpoint endpoint = ProbeEndpoint.start(
                node.toString(),
                node.plan().podCidrs(),
                Cluster.vxlan().podCidrs(),
                mtu,
                links,
                TimeSource.system(),
                Learned.NOTHING,
                now -> {
                    if (node.equals(a)) {
                        learned = now;
                    }
                });
        endpoint.prober().peers(node.plan().peers());
        return endpoint;
    }

    @AfterEach
    void close() {
        probeA.close();
        probeB.close();
        linksA.close();
        linksB.close();
        a.close();
        b.close();
    }

    private List<NodeStatus.Probe> results() {
        return probeA.prober().results();
    }

    private void awaitAll(boolean ok, String message) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(results()).hasSize(2).allSatisfy(probe -> {
                    assertThat(probe.ok()).as(probe.message()).isEqualTo(ok);
                    assertThat(probe.message()).contains(message);
                }));
    }

    @Test
    void answersTellTheOthersMtu() {
        awaitAll(true, "");
        await().atMost(SOON).untilAsserted(() -> assertThat(learned.peerMtus()).containsEntry("n2", 1400));
        assertThat(learned.checksumTrouble()).isFalse();
        assertThat(results())
                .allMatch(probe -> probe.rttMicros() > 0 && probe.path().equals("VXLAN"));
    }

    @Test
    void aPathThatIsTooNarrowIsToldFromOneThatIsDown() {
        awaitAll(true, "");
        // The wire takes no more than 1300 bytes and tells nobody: a blackhole.
        fabric.ip("link", "set", "port2", "mtu", "1300");
        awaitAll(false, "small packets pass");
        fabric.ip("link", "set", "port2", "mtu", "1500");
        awaitAll(true, "");
        fabric.ip("link", "set", "port2", "down");
        awaitAll(false, "no answer from");
        fabric.ip("link", "set", "port2", "up");
        awaitAll(true, "");
    }

    @Test
    void dataThatGetsLostIsToldFromPacketsThatPass() {
        awaitAll(true, "");
        // As wrong checksums have it: what bears TCP data of a segment's size does not arrive.
        b.netns().nftScript("""
                table inet test {
                  chain input {
                    type filter hook forward priority 0;
                    oifname "weft-probe" meta l4proto tcp meta length > 1000 drop
                  }
                }
                """);
        awaitAll(false, "single packets pass, but TCP data");
        await().atMost(SOON).until(() -> learned.checksumTrouble());
        b.netns().nft("delete", "table", "inet", "test");
        awaitAll(true, "");
        assertThat(learned.checksumTrouble()).as("it seemed to help").isTrue();
    }

    @Test
    void theTunnelDoesWithoutHardwareChecksumsWhenTold() throws IOException {
        a.learns(new Learned(Map.of(), true));
        a.sync(true);
        assertThat(a.repairs()).isEmpty();
        NodeState found = a.kernel().read(List.of());
        assertThat(found.vxlan().orElseThrow().txChecksum()).isFalse();
        assertThat(a.reaches(b)).isTrue();
    }
}
