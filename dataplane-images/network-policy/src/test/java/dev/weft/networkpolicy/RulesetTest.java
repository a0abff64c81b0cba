package dev.weft.networkpolicy;

import static dev.weft.kube.ClusterNetworkPolicy.Action.ACCEPT;
import static dev.weft.kube.ClusterNetworkPolicy.Action.DENY;
import static dev.weft.kube.ClusterNetworkPolicy.Action.PASS;
import static dev.weft.kube.ClusterNetworkPolicy.Tier.ADMIN;
import static dev.weft.kube.ClusterNetworkPolicy.Tier.BASELINE;
import static dev.weft.networkpolicy.Samples.NODE;
import static dev.weft.networkpolicy.Samples.block;
import static dev.weft.networkpolicy.Samples.cluster;
import static dev.weft.networkpolicy.Samples.egress;
import static dev.weft.networkpolicy.Samples.ingress;
import static dev.weft.networkpolicy.Samples.labels;
import static dev.weft.networkpolicy.Samples.named;
import static dev.weft.networkpolicy.Samples.namespaces;
import static dev.weft.networkpolicy.Samples.networks;
import static dev.weft.networkpolicy.Samples.pod;
import static dev.weft.networkpolicy.Samples.pods;
import static dev.weft.networkpolicy.Samples.rule;
import static dev.weft.networkpolicy.Samples.says;
import static dev.weft.networkpolicy.Samples.tcp;
import static dev.weft.networkpolicy.Samples.team;
import static dev.weft.networkpolicy.Samples.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.ClusterNetworkPolicy.Peer;
import dev.weft.kube.LabelSelector;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import dev.weft.nftables.NftablesKernel;
import dev.weft.testkit.Golden;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The table as nft prints it. */
@ExtendWith(NetworkNamespaces.class)
class RulesetTest {
    private static Turns filled(NftablesKernel nftables) {
        World world = new World()
                .put(Samples.namespace("shop", Map.of("team", "a")))
                .put(Samples.namespace("bank", Map.of("team", "b")))
                .put(pod("web-1", "web", "10.244.1.2", "fd00:244:1::2"))
                .put(pod("web-2", "web", "10.244.1.3", "fd00:244:1::3"))
                .put(pod("db", "db", "10.244.1.4", "fd00:244:1::4"))
                .put(pod(
                        "bank",
                        "teller",
                        "node-b",
                        Map.of("app", "teller"),
                        List.of(new Pod.Port("http", 6, 8080)),
                        "10.244.2.7",
                        "fd00:244:2::7"))
                .put(ingress(
                        "web",
                        labels("app", "web"),
                        rule(List.of(namespaces(labels("team", "b"), labels()), pods("app", "web")), tcp(80)),
                        rule(List.of(block("0.0.0.0/0", "10.0.0.0/8")), tcp(443)),
                        rule(List.of(), udp(5000, 5010))))
                .put(egress(
                        "web-out", labels("app", "web"), rule(List.of(namespaces(labels(), labels())), named("http"))))
                .put(ingress("deny", labels("app", "db")));
        Turns turns = new Turns(world, nftables);
        turns.follow();
        return turns;
    }

    @Test
    void people_can_read_it(TestNetns testNetns) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            filled(nftables);
            Golden.assertMatches("nft/policies.nft", testNetns.nft("list", "table", "inet", "weft-network-policy"));
        }
    }

    /** Pods of the namespace bank have cluster policies, db has a policy besides; the pods of the shop have none. */
    private static Turns guarded(NftablesKernel nftables) {
        World world = new World()
                .put(Samples.namespace("shop", Map.of("team", "a")))
                .put(Samples.namespace("bank", Map.of("team", "b")))
                .put(Samples.node(NODE, Map.of("os", "linux"), List.of(Ip.parse("192.0.2.1"))))
                .put(Samples.node("node-b", Map.of("os", "linux"), List.of(Ip.parse("192.0.2.2"))))
                .put(pod("web", "web", "10.244.1.2"))
                .put(pod("bank", "teller-1", NODE, Map.of("app", "teller"), List.of(), "10.244.1.3"))
                .put(pod("bank", "db", NODE, Map.of("app", "db"), List.of(new Pod.Port("sql", 6, 3306)), "10.244.1.4"))
                .put(new NetworkPolicy(
                        new ObjectKey("bank", "db"),
                        labels("app", "db"),
                        true,
                        false,
                        List.of(rule(List.of(pods("app", "teller")), tcp(3306))),
                        List.of()))
                .put(cluster(
                        "monitoring",
                        ADMIN,
                        1,
                        labels("team", "b"),
                        List.of(says(ACCEPT, team("m"), tcp(9090))),
                        List.of()))
                .put(cluster(
                        "guard",
                        ADMIN,
                        10,
                        labels("team", "b"),
                        List.of(
                                says(PASS, team("b")),
                                says(ACCEPT, team("c"), named("sql")),
                                says(DENY, new Peer.Pods(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING))),
                        List.of(
                                says(ACCEPT, new Peer.Nodes(labels("os", "linux")), tcp(6443)),
                                says(DENY, new Peer.Nodes(labels("os", "linux"))),
                                says(DENY, networks("198.51.100.0/24")))))
                .put(cluster(
                        "default",
                        BASELINE,
                        1,
                        labels("team", "b"),
                        List.of(),
                        List.of(says(PASS, team("b")), says(DENY, networks("0.0.0.0/0", "::/0")))));
        Turns turns = new Turns(world, nftables);
        turns.follow();
        return turns;
    }

    @Test
    void tiers_follow_each_other(TestNetns testNetns) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            guarded(nftables);
            Golden.assertMatches(
                    "nft/cluster-policies.nft", testNetns.nft("list", "table", "inet", "weft-network-policy"));
        }
    }

    @Test
    void one_node_more_touches_the_sets_that_mean_it(TestNetns testNetns) {
        Model model = new Model(NODE, false);
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            Turns turns = guarded(nftables);
            model.apply(turns.world.all());
            model.mirror().drain();
            turns.world.put(Samples.node("node-c", Map.of("os", "linux"), List.of(Ip.parse("192.0.2.3"))));
            model.apply(turns.world.changes());
            assertThat(model.mirror().drain().operations()).hasSize(1);
            turns.world.put(Samples.node("node-d", Map.of("os", "plan9"), List.of(Ip.parse("192.0.2.4"))));
            model.apply(turns.world.changes());
            assertThat(model.mirror().drain().operations()).isEmpty();
        }
    }

    @Test
    void the_way_of_a_packet_does_not_grow_with_policies() {
        World world =
                new World().put(Samples.namespace("shop", Map.of("team", "a"))).put(pod("web", "web", "10.244.1.2"));
        for (int n = 0; n < 100; n++) {
            world.put(cluster(
                    "accept-" + n, ADMIN, 1, labels("team", "a"), List.of(says(ACCEPT, team("t" + n))), List.of()));
            world.put(
                    cluster("pass-" + n, ADMIN, 2, labels("team", "a"), List.of(says(PASS, team("t" + n))), List.of()));
        }
        for (int n = 0; n < 100; n++) {
            world.put(
                    cluster("deny-" + n, ADMIN, 3, labels("team", "a"), List.of(says(DENY, team("d" + n))), List.of()));
        }
        Model model = new Model(NODE, false);
        model.apply(world.all());
        assertThat(model.mirror().ruleset().chains().entrySet().stream()
                        .filter(chain -> chain.getKey().startsWith("in-admin-"))
                        .map(chain -> chain.getValue().rules().size()))
                .as("one a family for those who pass and those who do not, the end; and who denies what is denied")
                .containsExactlyInAnyOrder(5, 201);
        assertThat(model.profiles().denials()).hasSize(100);
    }

    @Test
    void one_pod_more_touches_its_elements_only(TestNetns testNetns) {
        Model model = new Model(NODE, false);
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            Turns turns = filled(nftables);
            model.apply(turns.world.all());
            model.mirror().drain();
            turns.world.put(pod("web-3", "web", "10.244.1.5"));
            model.apply(turns.world.changes());
            assertThat(model.mirror().drain().operations())
                    .as("who it is to the rules that mean it, and its way into two chains that are there")
                    .hasSize(4);
        }
    }

    @Test
    void what_others_flush_is_made_again_at_the_next_look(TestNetns testNetns) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            Turns turns = filled(nftables);
            String right = testNetns.nft("list", "ruleset");
            testNetns.nft("flush", "ruleset");
            turns.follow();
            assertThat(testNetns.nft("list", "ruleset")).isEqualTo(right);
        }
    }
}
