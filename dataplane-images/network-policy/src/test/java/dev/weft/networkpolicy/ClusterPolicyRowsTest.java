package dev.weft.networkpolicy;

import static dev.weft.kube.ClusterNetworkPolicy.Action.ACCEPT;
import static dev.weft.kube.ClusterNetworkPolicy.Action.DENY;
import static dev.weft.kube.ClusterNetworkPolicy.Action.PASS;
import static dev.weft.kube.ClusterNetworkPolicy.Tier.ADMIN;
import static dev.weft.kube.ClusterNetworkPolicy.Tier.BASELINE;
import static dev.weft.networkpolicy.Samples.NODE;
import static dev.weft.networkpolicy.Samples.TCP;
import static dev.weft.networkpolicy.Samples.UDP;
import static dev.weft.networkpolicy.Samples.cluster;
import static dev.weft.networkpolicy.Samples.egress;
import static dev.weft.networkpolicy.Samples.ingress;
import static dev.weft.networkpolicy.Samples.labels;
import static dev.weft.networkpolicy.Samples.namespaces;
import static dev.weft.networkpolicy.Samples.networks;
import static dev.weft.networkpolicy.Samples.pod;
import static dev.weft.networkpolicy.Samples.rule;
import static dev.weft.networkpolicy.Samples.says;
import static dev.weft.networkpolicy.Samples.tcp;
import static dev.weft.networkpolicy.Samples.team;
import static dev.weft.networkpolicy.Samples.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.ClusterNetworkPolicy.Peer;
import dev.weft.kube.ClusterNetworkPolicy.Rule;
import dev.weft.kube.ClusterNetworkPolicy.Subject;
import dev.weft.kube.ClusterNetworkPolicy.Tier;
import dev.weft.kube.LabelSelector;
import dev.weft.kube.NetworkPolicy.Port;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rows of policy.networking.k8s.io/v1alpha2, as {@link PolicyRowsTest} has those of networking.k8s.io/v1. */
class ClusterPolicyRowsTest {
    private static final int SCTP = 132;
    private static final String WEB = "10.244.1.2";
    private static final String BANK = "10.244.2.4";
    private static final String LAB = "10.244.2.5";
    private static final String WORLD = "203.0.113.9";
    private static final String OWN_NODE = "192.0.2.1";
    private static final String OTHER_NODE = "192.0.2.2";

    private final World world = new World();
    private final Model model = new Model(NODE, false);

    @BeforeEach
    void cluster_of_three_namespaces() {
        world.put(Samples.namespace("shop", Map.of("team", "a")))
                .put(Samples.namespace("bank", Map.of("team", "b")))
                .put(Samples.namespace("lab", Map.of("team", "c")))
                .put(pod("shop", "web", NODE, Map.of("app", "web"), List.of(new Pod.Port("web", TCP, 8080)), WEB))
                .put(pod(
                        "bank",
                        "teller",
                        "node-b",
                        Map.of("app", "x"),
                        List.of(new Pod.Port("web", TCP, 9090), new Pod.Port("web", UDP, 9091)),
                        BANK))
                .put(pod("lab", "rat", "node-b", Map.of("app", "x"), List.of(), LAB))
                .put(Samples.node(NODE, Map.of("zone", "a"), List.of(Ip.parse(OWN_NODE))))
                .put(Samples.node("node-b", Map.of("zone", "b"), List.of(Ip.parse(OTHER_NODE))));
    }

    private boolean passes(String from, String to, int protocol, int port) {
        model.apply(world.changes());
        return model.allows(Ip.parse(from), Ip.parse(to), protocol, port);
    }

    private void in(String name, Tier tier, int priority, Rule... rules) {
        world.put(cluster(name, tier, priority, labels("team", "a"), List.of(rules), List.of()));
    }

    private void out(String name, Tier tier, int priority, Rule... rules) {
        world.put(cluster(name, tier, priority, labels("team", "a"), List.of(), List.of(rules)));
    }

    @Test
    void what_no_rule_means_passes_and_the_other_direction_is_not_touched() {
        in("deny-bank", ADMIN, 1, says(DENY, team("b")));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        assertThat(passes(BANK, WEB, 1, 0)).as("ping").isFalse();
        assertThat(passes(LAB, WEB, TCP, 80)).isTrue();
        assertThat(passes(WORLD, WEB, TCP, 80)).isTrue();
        assertThat(passes(WEB, BANK, TCP, 80)).as("egress").isTrue();
        assertThat(passes(WEB, WEB, TCP, 80)).as("itself").isTrue();
    }

    @Test
    void the_first_rule_that_matches_decides() {
        in("a", ADMIN, 1, says(ACCEPT, team("b"), tcp(80)), says(DENY, team("b")), says(ACCEPT, team("b"), tcp(81)));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        assertThat(passes(BANK, WEB, TCP, 81)).isFalse();
    }

    @Test
    void lower_priorities_are_asked_first_and_tiers_before_them() {
        in("low", ADMIN, 10, says(DENY, team("b")));
        in("base", BASELINE, 0, says(DENY, team("c")));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        in("high", ADMIN, 9, says(ACCEPT, team("b")), says(ACCEPT, team("c")));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        assertThat(passes(LAB, WEB, TCP, 80)).as("the Admin tier is final").isTrue();
        in("low", ADMIN, 8, says(DENY, team("b")));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        world.removeClusterPolicy("low");
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
    }

    @Test
    void admin_overrules_network_policies_and_they_overrule_baseline() {
        world.put(ingress("only-lab", labels("app", "web"), rule(List.of(namespaces(labels("team", "c"), labels())))));
        in("base", BASELINE, 1, says(DENY, team("c")), says(ACCEPT, team("b")));
        assertThat(passes(LAB, WEB, TCP, 80)).as("allowed by the policy").isTrue();
        assertThat(passes(BANK, WEB, TCP, 80)).as("isolated by the policy").isFalse();
        in("admin", ADMIN, 1, says(ACCEPT, team("b"), tcp(80)), says(DENY, team("c"), tcp(80)));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        assertThat(passes(BANK, WEB, TCP, 81)).isFalse();
        assertThat(passes(LAB, WEB, TCP, 80)).isFalse();
        assertThat(passes(LAB, WEB, TCP, 81)).isTrue();
        world.removePolicy(new ObjectKey("shop", "only-lab"));
        assertThat(passes(LAB, WEB, TCP, 81)).as("baseline").isFalse();
        assertThat(passes(BANK, WEB, TCP, 81)).isTrue();
    }

    @Test
    void a_policy_that_isolates_one_way_leaves_the_other_to_baseline() {
        world.put(egress("none", labels("app", "web")));
        in("base", BASELINE, 1, says(DENY, team("b")));
        out("base-out", BASELINE, 1, says(ACCEPT, team("b")));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        assertThat(passes(LAB, WEB, TCP, 80)).isTrue();
        assertThat(passes(WEB, BANK, TCP, 80)).isFalse();
    }

    @Test
    void pass_skips_the_rest_of_the_tier_and_no_more() {
        in("pass", ADMIN, 1, says(PASS, team("b"), tcp(80)));
        in("deny", ADMIN, 2, says(DENY, team("b")));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        assertThat(passes(BANK, WEB, TCP, 81)).isFalse();
        in("base", BASELINE, 2, says(DENY, team("b")));
        assertThat(passes(BANK, WEB, TCP, 80)).as("to baseline").isFalse();
        in("base-pass", BASELINE, 1, says(PASS, team("b"), tcp(80)));
        assertThat(passes(BANK, WEB, TCP, 80)).as("past baseline").isTrue();
        world.put(ingress("none", labels("app", "web")));
        assertThat(passes(BANK, WEB, TCP, 80)).as("to the policy").isFalse();
    }

    @Test
    void subjects_follow_the_labels_of_namespaces_and_pods() {
        world.put(new ClusterNetworkPolicy(
                "a",
                "",
                ADMIN,
                0,
                Optional.of(new Subject(labels("team", "a"), labels("app", "web"))),
                List.of(says(DENY, team("b"))),
                List.of(),
                List.of()));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        world.put(Samples.namespace("shop", Map.of("team", "z")));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        world.put(Samples.namespace("shop", Map.of("team", "a")));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        world.put(pod("shop", "web", NODE, Map.of("app", "other"), List.of(), WEB));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        world.put(pod("shop", "web", NODE, Map.of("app", "web"), List.of(), WEB));
        world.put(Samples.namespace("bank", Map.of("team", "z")));
        assertThat(passes(BANK, WEB, TCP, 80)).as("peers too").isTrue();
    }

    @Test
    void without_a_subject_it_applies_to_nobody() {
        world.put(new ClusterNetworkPolicy(
                "a", "", ADMIN, 0, Optional.empty(), List.of(says(DENY, team("b"))), List.of(), List.of("odd")));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
    }

    @Test
    void egress_goes_to_networks_and_nodes() {
        out("a", ADMIN, 1, says(ACCEPT, networks("203.0.113.8/31")), says(DENY, networks("0.0.0.0/0", "::/0")));
        assertThat(passes(WEB, WORLD, TCP, 80)).isTrue();
        assertThat(passes(WEB, "203.0.113.10", TCP, 80)).isFalse();
        assertThat(passes(WEB, BANK, TCP, 80)).as("pods have addresses too").isFalse();
        out("a", ADMIN, 1, says(DENY, new Peer.Nodes(labels("zone", "a"))));
        assertThat(passes(WEB, OWN_NODE, TCP, 80)).as("the own node").isFalse();
        assertThat(passes(WEB, OTHER_NODE, TCP, 80)).isTrue();
        world.put(Samples.node("node-b", Map.of("zone", "a"), List.of(Ip.parse(OTHER_NODE))));
        assertThat(passes(WEB, OTHER_NODE, TCP, 80)).isFalse();
        world.put(Samples.node("node-b", Map.of("zone", "a"), List.of(Ip.parse("192.0.2.7"))));
        assertThat(passes(WEB, OTHER_NODE, TCP, 80)).as("its old address").isTrue();
        assertThat(passes(WEB, "192.0.2.7", TCP, 80)).isFalse();
        world.removeNode("node-b");
        assertThat(passes(WEB, "192.0.2.7", TCP, 80)).isTrue();
    }

    @Test
    void ports_are_numbers_ranges_or_names_of_any_protocol() {
        in(
                "a",
                ADMIN,
                1,
                says(DENY, team("b"), tcp(80), udp(100, 200), new Port.Numbers(SCTP, 9, 9)),
                says(DENY, team("b"), new Port.Named(TCP, "web"), new Port.Named(UDP, "web")));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        assertThat(passes(BANK, WEB, UDP, 80)).isTrue();
        assertThat(passes(BANK, WEB, UDP, 150)).isFalse();
        assertThat(passes(BANK, WEB, SCTP, 9)).isFalse();
        assertThat(passes(BANK, WEB, SCTP, 10)).isTrue();
        assertThat(passes(BANK, WEB, TCP, 8080)).as("the name").isFalse();
        assertThat(passes(BANK, WEB, UDP, 8080)).as("no such name").isTrue();
        out("b", ADMIN, 1, says(DENY, team("b"), new Port.Named(TCP, "web"), new Port.Named(UDP, "web")));
        assertThat(passes(WEB, BANK, TCP, 9090)).isFalse();
        assertThat(passes(WEB, BANK, UDP, 9091)).isFalse();
        assertThat(passes(WEB, BANK, TCP, 9091)).isTrue();
    }

    @Test
    void everybody_is_meant_where_a_rule_fails_closed_and_nobody_where_it_accepts() {
        in("a", ADMIN, 1, new Rule("", ACCEPT, List.of(), List.of()), says(DENY, new Peer.Everybody()));
        assertThat(passes(WORLD, WEB, TCP, 80)).isFalse();
        assertThat(passes(BANK, WEB, 1, 0)).isFalse();
    }

    @Test
    void says_which_rule_of_which_tier_decides() {
        world.put(cluster(
                "guard",
                ADMIN,
                1,
                LabelSelector.EVERYTHING,
                List.of(
                        new Rule("let-lab", PASS, List.of(tcp(80)), List.of(team("c"))),
                        new Rule("no-bank", DENY, List.of(), List.of(team("b")))),
                List.of()));
        world.put(ingress("some", labels("app", "web"), rule(List.of(), tcp(80))));
        model.apply(world.changes());
        Trace trace = new Trace(model);
        assertThat(trace.of(Ip.parse(BANK), Ip.parse(WEB), TCP, 80))
                .contains("ingress of pod shop/web (10.244.1.2): denied by ClusterNetworkPolicy guard (Admin), ingress"
                        + " rule 2 \"no-bank\" (chain in-admin-");
        assertThat(trace.of(Ip.parse(LAB), Ip.parse(WEB), TCP, 80))
                .contains("passed on by ClusterNetworkPolicy guard (Admin), ingress rule 1 \"let-lab\"")
                .contains("allowed by NetworkPolicy shop/some, ingress rule 1");
        assertThat(trace.of(Ip.parse(WORLD), Ip.parse(WEB), TCP, 81))
                .contains("Admin tier: none of [guard] has a rule for it")
                .contains("denied: isolated by [shop/some]");
        world.removePolicy(new ObjectKey("shop", "some"));
        model.apply(world.changes());
        assertThat(trace.of(Ip.parse(WORLD), Ip.parse(WEB), TCP, 81))
                .contains("Admin tier: none of [guard] has a rule for it: allowed, and no other policy is asked");
    }
}
