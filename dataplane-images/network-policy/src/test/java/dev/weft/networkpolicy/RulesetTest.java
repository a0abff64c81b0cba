package dev.weft.networkpolicy;

import static dev.weft.networkpolicy.Samples.NODE;
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

import dev.weft.kube.Pod;
import dev.weft.linux.Netns;
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
