package dev.weft.networkpolicy;

import static dev.weft.networkpolicy.Samples.NODE;
import static dev.weft.networkpolicy.Samples.TCP;
import static dev.weft.networkpolicy.Samples.UDP;
import static dev.weft.networkpolicy.Samples.block;
import static dev.weft.networkpolicy.Samples.egress;
import static dev.weft.networkpolicy.Samples.ingress;
import static dev.weft.networkpolicy.Samples.labels;
import static dev.weft.networkpolicy.Samples.named;
import static dev.weft.networkpolicy.Samples.namespaces;
import static dev.weft.networkpolicy.Samples.pod;
import static dev.weft.networkpolicy.Samples.pods;
import static dev.weft.networkpolicy.Samples.rule;
import static dev.weft.networkpolicy.Samples.tcp;
import static dev.weft.networkpolicy.Samples.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.LabelSelector;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rows of networking.k8s.io/v1, by the verdict that the model gives; {@link PacketsTest} has the kernel's. */
class PolicyRowsTest {
    private static final String WEB = "10.244.1.2";
    private static final String SHOP = "10.244.1.3";
    private static final String BANK = "10.244.2.4";
    private static final String WORLD = "203.0.113.9";

    private final World world = new World();
    private final Model model = new Model(NODE, false);

    @BeforeEach
    void cluster() {
        world.put(Samples.namespace("shop", Map.of("team", "a")))
                .put(Samples.namespace("bank", Map.of("team", "b")))
                .put(pod("shop", "web", NODE, Map.of("app", "web"), List.of(new Pod.Port("http", TCP, 8080)), WEB))
                .put(pod("other", "app", SHOP))
                .put(pod(
                        "bank",
                        "teller",
                        "node-b",
                        Map.of("app", "x"),
                        List.of(new Pod.Port("http", TCP, 9090)),
                        BANK));
    }

    private boolean passes(String from, String to, int protocol, int port) {
        model.apply(world.changes());
        return model.allows(Ip.parse(from), Ip.parse(to), protocol, port);
    }

    private void set(NetworkPolicy policy) {
        world.put(policy);
    }

    @Test
    void without_policy_everything_passes() {
        assertThat(passes(WORLD, WEB, TCP, 80)).isTrue();
        assertThat(passes(WEB, WORLD, UDP, 53)).isTrue();
    }

    @Test
    void a_policy_isolates_what_it_selects_in_its_direction_and_no_more() {
        set(ingress("deny", labels("app", "web")));
        assertThat(passes(WORLD, WEB, TCP, 80)).isFalse();
        assertThat(passes(SHOP, WEB, UDP, 80)).isFalse();
        assertThat(passes(WEB, WORLD, TCP, 80)).as("egress").isTrue();
        assertThat(passes(WORLD, SHOP, TCP, 80)).as("another pod").isTrue();
        assertThat(passes(WEB, WEB, TCP, 80)).as("itself").isTrue();
        set(egress("deny", labels("app", "web")));
        assertThat(passes(WORLD, WEB, TCP, 80)).as("ingress").isTrue();
        assertThat(passes(WEB, WORLD, TCP, 80)).isFalse();
        world.removePolicy(new ObjectKey("shop", "deny"));
        assertThat(passes(WEB, WORLD, TCP, 80)).isTrue();
    }

    @Test
    void an_empty_selector_means_all_pods_of_the_namespace() {
        set(ingress("deny", LabelSelector.EVERYTHING));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        assertThat(passes(BANK, SHOP, TCP, 80)).isFalse();
    }

    @Test
    void an_empty_rule_means_everybody_and_no_rule_nobody() {
        set(ingress("all", labels("app", "web"), rule(List.of())));
        assertThat(passes(WORLD, WEB, TCP, 80)).isTrue();
        assertThat(passes(BANK, WEB, 1, 0)).as("ping").isTrue();
    }

    @Test
    void pods_are_selected_in_the_own_namespace_or_by_namespace_labels() {
        set(ingress("a", labels("app", "web"), rule(List.of(pods("app", "x")))));
        assertThat(passes(BANK, WEB, TCP, 80)).as("another namespace").isFalse();
        set(ingress("a", labels("app", "web"), rule(List.of(namespaces(labels("team", "b"), labels())))));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        assertThat(passes(SHOP, WEB, TCP, 80)).isFalse();
        set(ingress("a", labels("app", "web"), rule(List.of(namespaces(labels("team", "b"), labels("app", "y"))))));
        assertThat(passes(BANK, WEB, TCP, 80)).as("both selectors must hold").isFalse();
        set(ingress("a", labels("app", "web"), rule(List.of(namespaces(labels(), labels())))));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        assertThat(passes(WORLD, WEB, TCP, 80)).as("no pod").isFalse();
    }

    @Test
    void changed_labels_count_at_once() {
        set(ingress("a", labels("app", "web"), rule(List.of(namespaces(labels("team", "b"), labels("app", "x"))))));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        world.put(Samples.namespace("bank", Map.of("team", "c")));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        world.put(Samples.namespace("bank", Map.of("team", "b")));
        world.put(pod("bank", "teller", "node-b", Map.of("app", "y"), List.of(), BANK));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        world.put(pod("shop", "web", NODE, Map.of("app", "other"), List.of(), WEB));
        assertThat(passes(BANK, WEB, TCP, 80)).as("no longer selected").isTrue();
    }

    @Test
    void blocks_have_holes_and_may_be_of_either_family() {
        set(ingress("a", labels("app", "web"), rule(List.of(block("203.0.113.0/24", "203.0.113.8/31")))));
        assertThat(passes(WORLD, WEB, TCP, 80)).isFalse();
        assertThat(passes("203.0.113.10", WEB, TCP, 80)).isTrue();
        assertThat(passes("203.0.114.0", WEB, TCP, 80)).isFalse();
        set(ingress("a", labels("app", "web"), rule(List.of(block("0.0.0.0/0")))));
        assertThat(passes(WORLD, WEB, TCP, 80)).isTrue();
        assertThat(passes(BANK, WEB, TCP, 80)).as("pods have addresses too").isTrue();
        set(ingress("a", labels("app", "web"), rule(List.of(block("::/0")))));
        assertThat(passes(WORLD, WEB, TCP, 80)).isFalse();
    }

    @Test
    void ports_are_numbers_ranges_or_names() {
        set(ingress("a", labels("app", "web"), rule(List.of(), tcp(80), udp(100, 200))));
        assertThat(passes(WORLD, WEB, TCP, 80)).isTrue();
        assertThat(passes(WORLD, WEB, UDP, 80)).isFalse();
        assertThat(passes(WORLD, WEB, UDP, 100)).isTrue();
        assertThat(passes(WORLD, WEB, UDP, 200)).isTrue();
        assertThat(passes(WORLD, WEB, UDP, 201)).isFalse();
        assertThat(passes(WORLD, WEB, 1, 0)).as("ping has no port").isFalse();
        set(ingress("a", labels("app", "web"), rule(List.of(), new NetworkPolicy.Port.Numbers(132, 0, 65535))));
        assertThat(passes(WORLD, WEB, 132, 7)).isTrue();
        assertThat(passes(WORLD, WEB, TCP, 7)).isFalse();
    }

    @Test
    void a_named_port_is_the_destination_pods() {
        set(ingress("a", labels("app", "web"), rule(List.of(), named("http"))));
        assertThat(passes(WORLD, WEB, TCP, 8080)).isTrue();
        assertThat(passes(WORLD, WEB, TCP, 9090)).isFalse();
        set(egress("a", labels("app", "web"), rule(List.of(), named("http"))));
        assertThat(passes(WEB, BANK, TCP, 9090)).isTrue();
        assertThat(passes(WEB, BANK, TCP, 8080)).isFalse();
        assertThat(passes(WEB, WORLD, TCP, 9090)).as("no pod, so no name").isFalse();
        set(egress("a", labels("app", "web"), rule(List.of(namespaces(labels("team", "a"), labels())), named("http"))));
        assertThat(passes(WEB, BANK, TCP, 9090)).isFalse();
        set(egress("a", labels("app", "web"), rule(List.of(block(BANK + "/32")), named("http"))));
        assertThat(passes(WEB, BANK, TCP, 9090)).as("a pod of the block").isTrue();
        assertThat(passes(WEB, BANK, TCP, 8080)).isFalse();
        set(egress("a", labels("app", "web"), rule(List.of(block("203.0.113.0/24")), named("http"))));
        assertThat(passes(WEB, BANK, TCP, 9090)).as("a pod elsewhere").isFalse();
        assertThat(passes(WEB, WORLD, TCP, 9090)).as("no pod, so no name").isFalse();
    }

    @Test
    void several_policies_allow_what_any_of_them_does() {
        set(ingress("a", labels("app", "web"), rule(List.of(block("203.0.113.0/24")), tcp(80))));
        set(ingress("b", LabelSelector.EVERYTHING, rule(List.of(namespaces(labels("team", "b"), labels())), tcp(81))));
        assertThat(passes(WORLD, WEB, TCP, 80)).isTrue();
        assertThat(passes(BANK, WEB, TCP, 81)).isTrue();
        assertThat(passes(WORLD, WEB, TCP, 81)).as("not mixed").isFalse();
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
    }

    @Test
    void finished_pods_and_those_with_their_nodes_addresses_are_none() {
        set(ingress("a", labels("app", "web"), rule(List.of(namespaces(labels(), labels())))));
        assertThat(passes(BANK, WEB, TCP, 80)).isTrue();
        Pod teller = pod("bank", "teller", "node-b", Map.of("app", "x"), List.of(), BANK);
        world.put(new Pod(teller.key(), "", "node-b", teller.labels(), teller.ips(), List.of(), false, true));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
        world.put(new Pod(teller.key(), "", "node-b", teller.labels(), teller.ips(), List.of(), true, false));
        assertThat(passes(BANK, WEB, TCP, 80)).isFalse();
    }

    @Test
    void own_pods_have_the_addresses_that_were_leased() {
        set(ingress("deny", labels("app", "new")));
        world.put(pod("shop", "new", NODE, Map.of("app", "new"), List.of()));
        assertThat(passes(WORLD, "10.244.1.9", TCP, 80)).isTrue();
        world.lease(new ObjectKey("shop", "new"), List.of(Ip.parse("10.244.1.9")));
        assertThat(passes(WORLD, "10.244.1.9", TCP, 80)).isFalse();
        world.removePod(new ObjectKey("shop", "new"));
        assertThat(passes(WORLD, "10.244.1.9", TCP, 80))
                .as("while it has an address")
                .isFalse();
        world.release(new ObjectKey("shop", "new"));
        assertThat(passes(WORLD, "10.244.1.9", TCP, 80)).isTrue();
    }

    @Test
    void says_which_rule_decides() {
        set(ingress(
                "a", labels("app", "web"), rule(List.of(), tcp(81)), rule(List.of(block("203.0.113.0/24")), tcp(80))));
        model.apply(world.changes());
        Trace trace = new Trace(model);
        assertThat(trace.of(Ip.parse(WORLD), Ip.parse(WEB), TCP, 80))
                .contains("egress of 203.0.113.9: allowed")
                .contains("ingress of pod shop/web (10.244.1.2): allowed by NetworkPolicy shop/a, ingress rule 2");
        assertThat(trace.of(Ip.parse(BANK), Ip.parse(WEB), TCP, 80))
                .contains("denied: isolated by [shop/a], and none of their rules allows pod bank/teller (10.244.2.4)")
                .contains("tcp/80");
    }
}
