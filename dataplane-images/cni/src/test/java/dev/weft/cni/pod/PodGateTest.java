package dev.weft.cni.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.cni.protocol.CniError;
import dev.weft.cni.protocol.CniException;
import dev.weft.cni.protocol.PodName;
import dev.weft.net.Ip;
import dev.weft.nftables.FakeNftables;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What has a say in a pod's start is asked before the answer, and told of each change of addresses. */
@ExtendWith(NetworkNamespaces.class)
class PodGateTest {
    /** Refuses as long as it is told to. */
    private static final class Gate implements PodGate {
        final List<String> asked = new ArrayList<>();
        int changes;
        Optional<String> refusal = Optional.empty();

        @Override
        public void leasesChanged() {
            changes++;
        }

        @Override
        public Optional<String> admit(PodName pod, String uid, List<Ip> ips) {
            asked.add(pod + " " + uid + " " + ips.size());
            return refusal;
        }
    }

    @Test
    void no_pod_starts_that_is_refused(TestNetns node, TestNetns pod, @TempDir Path folder) throws Exception {
        Gate gate = new Gate();
        try (NodeFixture agent = new NodeFixture(node, folder, new FakeNftables(), gate)) {
            gate.refusal = Optional.of("not yet");
            assertThatExceptionOfType(CniException.class)
                    .isThrownBy(() -> agent.add("a", pod))
                    .satisfies(refused -> {
                        assertThat(refused.error()).isEqualTo(CniError.TRY_AGAIN_LATER);
                        assertThat(refused.text()).contains("not yet");
                    });
            assertThat(agent.network().pods()).as("nothing is left of it").isZero();
            assertThat(agent.links().existing()).isEmpty();
            assertThat(gate.changes).as("leased, and let go").isEqualTo(2);
            gate.refusal = Optional.empty();
            List<Ip> ips = agent.add("a", pod).ips();
            assertThat(gate.changes).isEqualTo(3);
            assertThat(agent.add("a", pod).ips()).as("again").isEqualTo(ips);
            assertThat(gate.asked).as("each time").hasSize(3).allMatch("shop/a uid-a 2"::equals);
            agent.del("a");
            assertThat(gate.changes).isEqualTo(4);
        }
    }
}
