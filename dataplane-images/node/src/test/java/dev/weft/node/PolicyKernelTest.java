package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.config.NodeConfig;
import dev.weft.config.NodeConfig.NetworkPolicy.OnStartTimeout;
import dev.weft.config.NodeStatus;
import dev.weft.config.Routing;
import dev.weft.linux.Netns;
import dev.weft.net.Cidr;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One agent that enforces policies: no pod starts before its own are in force. */
@ExtendWith(NetworkNamespaces.class)
class PolicyKernelTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String API = "172.18.0.254";
    private static final String TABLE = "weft-network-policy";

    @TempDir
    Path root;

    private final List<AgentProcess> agents = new ArrayList<>();
    private TestNetns node;
    private TestNetns pod;
    private FakeApi api;

    @BeforeEach
    void cluster(TestNetns wire, TestNetns first, TestNetns own) throws Exception {
        node = first;
        pod = own;
        node.ip("link", "add", "eth0", "type", "veth", "peer", "name", "port1", "netns", wire.name());
        wire.ip("addr", "add", API + "/24", "dev", "port1");
        wire.ip("link", "set", "port1", "up");
        wire.ip("route", "add", "10.244.1.0/24", "via", "172.18.0.1");
        node.ip("addr", "add", "172.18.0.1/24", "dev", "eth0");
        node.ip("link", "set", "eth0", "up");
        node.ip("route", "add", "default", "via", API);
        try (Netns netns = Netns.open(wire.path())) {
            api = netns.<FakeApi, IOException>call(() -> new FakeApi(new InetSocketAddress(API, 6443)));
        }
        api.putNode("n1", List.of("172.18.0.1"), List.of("10.244.1.0/24"));
    }

    @AfterEach
    void stop() throws Exception {
        for (AgentProcess agent : agents) {
            agent.kill();
        }
        api.close();
    }

    private AgentProcess start(NodeConfig.NetworkPolicy policy) throws IOException {
        NodeConfig config = new NodeConfig(
                "0.1.0",
                "r1",
                List.of(URI.create("http://" + API + ":6443")),
                List.of(Cidr.parse("10.244.0.0/16")),
                Routing.VXLAN,
                new NodeConfig.Vxlan(1, 8472, false),
                0,
                new NodeConfig.Masquerade(true, List.of()),
                NodeConfig.ServiceProxy.DISABLED,
                policy);
        AgentProcess agent = AgentProcess.start("n1", node, root, config, "agent");
        agents.add(agent);
        await().atMost(SOON).until(agent::isReady);
        return agent;
    }

    private void putPod(String name) {
        api.pods.put(
                name,
                "\"namespace\":\"default\",\"name\":\"" + name + "\",\"uid\":\"u\",\"labels\":{\"app\":\"a\"}",
                "\"spec\":{\"nodeName\":\"n1\"},\"status\":{\"phase\":\"Pending\"}");
    }

    private void deny() {
        api.policies.put(
                "deny",
                "\"namespace\":\"default\",\"name\":\"deny\"",
                "\"spec\":{\"podSelector\":{},\"policyTypes\":[\"Egress\"]}");
    }

    private String add(AgentProcess agent, String name) {
        try (Netns netns = Netns.open(node.path())) {
            return netns.call(() -> CniClient.call(agent.paths().socket(), "ADD", name, pod.path()));
        }
    }

    /** Whether the API server can be reached from the pod; a drop is silence. */
    private boolean reaches() {
        try (Netns netns = Netns.open(pod.path())) {
            return netns.call(() -> {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(API, 6443), 1000);
                    return true;
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void aPodStartsOnceItsPoliciesAreInForceAndARestartKeepsThem() throws Exception {
        deny();
        AgentProcess agent = start(new NodeConfig.NetworkPolicy(true, 15, OnStartTimeout.REFUSE, true));
        CompletableFuture<String> added = CompletableFuture.supplyAsync(() -> add(agent, "late"));
        await().atMost(SOON).until(() -> node.ip("-o", "link").contains(": weft"));
        assertThat(added).as("nobody has told of the pod yet").isNotDone();
        putPod("late");
        assertThat(added.get()).contains("10.244.1.");
        assertThat(reaches()).as("the first packet").isFalse();
        assertThat(agent.status().roles()).contains(new NodeStatus.Role(NodeStatus.Role.NETWORK_POLICY, true, ""));
        assertThat(agent.get("/trace?from=10.244.1.2&to=" + API + "&port=6443").body())
                .contains("denied: isolated by [default/deny]");
        await().atMost(SOON)
                .until(() -> agent.get("/metrics")
                        .body()
                        .contains("weft_network_policy_denied_packets_total{direction=\"egress\","));
        assertThat(agent.log()).contains("denied", "policies=");
        agent.kill();
        assertThat(reaches()).as("without an agent").isFalse();
        AgentProcess next = start(new NodeConfig.NetworkPolicy(true, 15, OnStartTimeout.REFUSE, true));
        assertThat(reaches()).isFalse();
        api.policies.delete("deny");
        await().atMost(SOON).until(this::reaches);
        deny();
        await().atMost(SOON).until(() -> !reaches());
        next.kill();
        start(NodeConfig.NetworkPolicy.DISABLED);
        await().atMost(SOON).until(this::reaches);
        assertThat(node.nft("list", "tables")).doesNotContain(TABLE);
    }

    private void define() {
        api.definitions.put(
                "clusternetworkpolicies.policy.networking.k8s.io",
                "\"name\":\"clusternetworkpolicies.policy.networking.k8s.io\"",
                "\"spec\":{\"versions\":[{\"name\":\"v1alpha2\",\"served\":true}]},\"status\":{\"conditions\":["
                        + "{\"type\":\"Established\",\"status\":\"True\"}]}");
    }

    private void guard(String peer) {
        api.clusterPolicies.put("guard", "\"name\":\"guard\",\"uid\":\"u-guard\"", """
                "spec":{"tier":"Admin","priority":1,"subject":{"namespaces":{}},
                 "egress":[{"name":"keep-out","action":"Deny","to":[%s]}]}""".formatted(peer));
    }

    @Test
    void clusterPoliciesComeAndGoWithTheirKind() throws Exception {
        AgentProcess agent = start(new NodeConfig.NetworkPolicy(true, 15, OnStartTimeout.REFUSE, true));
        putPod("guarded");
        assertThat(add(agent, "guarded")).contains("10.244.1.");
        assertThat(reaches()).as("there is no such kind").isTrue();
        define();
        guard("{\"networks\":[\"" + API + "/32\"]}");
        await().atMost(SOON).until(() -> !reaches());
        assertThat(agent.get("/trace?from=10.244.1.2&to=" + API + "&port=6443").body())
                .contains("denied by ClusterNetworkPolicy guard (Admin), egress rule 1 \"keep-out\"");
        await().atMost(SOON)
                .until(() -> agent.get("/metrics")
                        .body()
                        .contains("weft_network_policy_denied_packets_total{direction=\"egress\",namespace=\"\","
                                + "policy=\"guard\",tier=\"Admin\"}"));
        assertThat(agent.log()).contains("tier=Admin").contains("keep-out");
        api.clusterPolicies.delete("guard");
        await().atMost(SOON).until(this::reaches);
        guard("{\"domainNames\":[\"example.org\"]}");
        await("what is not supported denies everything").atMost(SOON).until(() -> !reaches());
        await().atMost(SOON)
                .until(() -> api.events().stream()
                        .anyMatch(event -> event.contains("NotAsWritten")
                                && event.contains("u-guard")
                                && event.contains("domainNames are not supported")));
        assertThat(agent.get("/metrics").body()).contains("weft_network_policy_faulty_cluster_policies 1");
        api.definitions.delete("clusternetworkpolicies.policy.networking.k8s.io");
        await("the kind is gone, and with it its policies").atMost(SOON).until(this::reaches);
    }

    @Test
    void aPodThatNobodyTellsOfIsRefusedOrIsolated() throws Exception {
        AgentProcess refusing = start(new NodeConfig.NetworkPolicy(true, 1, OnStartTimeout.REFUSE, true));
        assertThat(add(refusing, "unknown")).contains("\\\"code\\\":11", "has not told this node of the pod");
        refusing.kill();
        AgentProcess isolating = start(new NodeConfig.NetworkPolicy(true, 1, OnStartTimeout.ISOLATE, true));
        assertThat(add(isolating, "unknown")).contains("10.244.1.");
        assertThat(reaches()).isFalse();
        putPod("unknown");
        await().atMost(SOON).until(this::reaches);
    }
}
