package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.Check;
import dev.weft.cni.routes.NodePlan;
import dev.weft.cni.routes.NodeState;
import dev.weft.cni.routes.Problem;
import dev.weft.cni.routes.Uplink;
import dev.weft.config.ConfigJson;
import dev.weft.config.NodeConfig;
import dev.weft.config.NodeStatus;
import dev.weft.config.Routing;
import dev.weft.net.Cidr;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentStatusTest {
    private static final NodeConfig CONFIG = new NodeConfig(
            "0.1.0",
            "r1",
            List.of(URI.create("https://192.0.2.1:6443")),
            List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/56")),
            Routing.VXLAN,
            new NodeConfig.Vxlan(1, 8472, true),
            0,
            new NodeConfig.Masquerade(true, List.of()),
            NodeConfig.ServiceProxy.DISABLED);

    private final Repairs repairs = new Repairs();
    private final AgentStatus status = new AgentStatus(CONFIG, "a", Instant.EPOCH, repairs, () -> 7);

    private void reached(Problem... problems) {
        status.reached(
                new NodePlan(NodeState.EMPTY, List.of(), 1450, List.of(), List.of(problems)),
                new Uplink("eth0", 1500, List.of(), false, false));
    }

    @Test
    void numbersOfThePlan() {
        reached();
        NodeStatus now = status.now(Check.good());
        assertThat(now.uplinkMtu()).isEqualTo(1500);
        assertThat(now.podMtu()).isEqualTo(1450);
        assertThat(now.pods()).isEqualTo(7);
        assertThat(now.roles()).containsExactly(new NodeStatus.Role("cni", true, ""));
        assertThat(ConfigJson.readStatus(ConfigJson.write(now))).isEqualTo(now);
    }

    @Test
    void whatIsNotReadyIsSaidWithoutWhatIs() {
        NodeStatus now = status.now(Check.bad("FAIL routes: no uplink\nok   cni\nFAIL files: not done yet"));
        assertThat(now.roles())
                .containsExactly(new NodeStatus.Role("cni", false, "routes: no uplink; files: not done yet"));
        assertThat(now.podMtu()).isZero();
    }

    @Test
    void nodesThatCannotBeReachedCountAsFailingProbes() {
        reached(new Problem("b", true, "node b has no podCIDR"), new Problem("a", false, "mtu 9000 does not fit"));
        assertThat(status.now(Check.good()).probes())
                .extracting(probe -> probe.node() + " " + probe.family() + " " + probe.ok() + " " + probe.message())
                .containsExactly("b IPv4 false node b has no podCIDR", "b IPv6 false node b has no podCIDR");
        assertThat(status.ownProblems().ok()).as("a warning does not stop pods").isTrue();
        reached(new Problem("a", true, "node a has no podCIDR"));
        assertThat(status.ownProblems()).isEqualTo(Check.bad("node a has no podCIDR"));
    }

    @Test
    void onlyTheLatestRepairsAreKept() {
        for (int i = 0; i < 50; i++) {
            repairs.add(Instant.EPOCH, "thing " + i);
        }
        assertThat(repairs.latest())
                .hasSize(20)
                .last()
                .extracting(NodeStatus.Repair::what)
                .isEqualTo("thing 49");
        assertThat(repairs.count()).isEqualTo(50);
    }
}
