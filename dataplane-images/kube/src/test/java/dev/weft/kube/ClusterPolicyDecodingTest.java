package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.ClusterNetworkPolicy.Action;
import dev.weft.kube.ClusterNetworkPolicy.Peer;
import dev.weft.kube.ClusterNetworkPolicy.Rule;
import dev.weft.kube.ClusterNetworkPolicy.Subject;
import dev.weft.kube.ClusterNetworkPolicy.Tier;
import dev.weft.kube.NetworkPolicy.Port;
import dev.weft.net.Cidr;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClusterPolicyDecodingTest {
    static final String POLICY = """
            {"apiVersion":"policy.networking.k8s.io/v1alpha2","kind":"ClusterNetworkPolicy",
             "metadata":{"name":"guard","uid":"u1"},
             "spec":{"tier":"Baseline","priority":7,
               "subject":{"pods":{"namespaceSelector":{"matchLabels":{"team":"a"}},"podSelector":{}}},
               "ingress":[{"name":"in","action":"Pass","from":[{"namespaces":{"matchLabels":{"team":"b"}}},
                   {"pods":{"namespaceSelector":{},"podSelector":{"matchLabels":{"app":"x"}}}}],
                 "protocols":[{"tcp":{"destinationPort":{"number":80}}},{"destinationNamedPort":"web"},
                   {"udp":{"destinationPort":{"range":{"start":100,"end":200}}}},
                   {"sctp":{"destinationPort":{"number":9}}}]}],
               "egress":[{"action":"Accept","to":[{"nodes":{"matchExpressions":[{"key":"os","operator":"Exists"}]}},
                   {"networks":["10.0.0.0/8","fd00::/8"]}]},
                 {"action":"Deny","to":[{"networks":["0.0.0.0/0"]}]}]},
             "status":{"conditions":[]}}""";

    private static final LabelSelector TEAM_A = new LabelSelector(Map.of("team", "a"), List.of());

    @Test
    void readsPolicies() throws KubeException {
        assertThat(read(POLICY))
                .isEqualTo(new ClusterNetworkPolicy(
                        "guard",
                        "u1",
                        Tier.BASELINE,
                        7,
                        Optional.of(new Subject(TEAM_A, LabelSelector.EVERYTHING)),
                        List.of(new Rule(
                                "in",
                                Action.PASS,
                                List.of(
                                        new Port.Numbers(6, 80, 80),
                                        new Port.Named(6, "web"),
                                        new Port.Named(17, "web"),
                                        new Port.Named(132, "web"),
                                        new Port.Numbers(17, 100, 200),
                                        new Port.Numbers(132, 9, 9)),
                                List.of(
                                        new Peer.Pods(
                                                new LabelSelector(Map.of("team", "b"), List.of()),
                                                LabelSelector.EVERYTHING),
                                        new Peer.Pods(
                                                LabelSelector.EVERYTHING,
                                                new LabelSelector(Map.of("app", "x"), List.of()))))),
                        List.of(
                                new Rule(
                                        "",
                                        Action.ACCEPT,
                                        List.of(),
                                        List.of(
                                                new Peer.Nodes(new LabelSelector(
                                                        Map.of(),
                                                        List.of(new LabelSelector.Requirement(
                                                                "os", LabelSelector.Operator.EXISTS, List.of())))),
                                                new Peer.Networks(
                                                        List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"))))),
                                new Rule(
                                        "",
                                        Action.DENY,
                                        List.of(),
                                        List.of(new Peer.Networks(List.of(Cidr.parse("0.0.0.0/0")))))),
                        List.of()));
    }

    @Test
    void aRuleWithAPartThatCannotBeReadFailsClosed() throws KubeException {
        for (String odd : List.of(
                "\"to\":[{}]",
                "\"to\":[]",
                "\"protocols\":[{\"tcp\":{\"destinationPort\":{\"number\":1}}}]",
                "\"to\":[{\"domainNames\":[\"kubernetes.io\"]}]",
                "\"to\":[{\"networks\":[\"10.0.0.0/8\"]},{\"future\":{}}]",
                "\"to\":[{\"networks\":[\"nowhere\"]}]",
                "\"to\":[{\"networks\":[]}]",
                "\"to\":[{\"namespaces\":{},\"pods\":{\"namespaceSelector\":{},\"podSelector\":{}}}]",
                "\"to\":[{\"pods\":{\"namespaceSelector\":{}}}]",
                "\"to\":[{\"namespaces\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Like\"}]}}]",
                "\"to\":[{\"namespaces\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\"}]}}]",
                "\"to\":[{\"namespaces\":{\"matchLabels\":{\"a\":\"no value\"}}}]",
                "\"to\":[{\"namespaces\":{}}],\"protocols\":[{}]",
                "\"to\":[{\"namespaces\":{}}],\"protocols\":[{\"icmp\":{}}]",
                "\"to\":[{\"namespaces\":{}}],\"protocols\":[{\"tcp\":{}}]",
                "\"to\":[{\"namespaces\":{}}],\"protocols\":[{\"tcp\":{\"sourcePort\":{\"number\":1}}}]",
                "\"to\":[{\"namespaces\":{}}],\"protocols\":[{\"tcp\":{\"destinationPort\":{}}}]",
                "\"to\":[{\"namespaces\":{}}],\"protocols\":[{\"tcp\":{\"destinationPort\":{\"number\":65536}}}]",
                "\"to\":[{\"namespaces\":{}}],\"protocols\":[{\"udp\":{\"destinationPort\":{\"range\":{\"start\":9,"
                        + "\"end\":8}}}}]",
                "\"to\":[{\"networks\":[\"10.0.0.0/8\"]}],\"protocols\":[{\"destinationNamedPort\":\"web\"}]")) {
            assertThat(egress("Accept", odd, "accepts nothing").peers()).as(odd).isEmpty();
            for (String action : List.of("Deny", "Pass", "Log")) {
                assertThat(egress(action, odd, "denies everything"))
                        .as(odd)
                        .isEqualTo(new Rule("n", Action.DENY, List.of(), List.of(new Peer.Everybody())));
            }
        }
    }

    private static Rule egress(String action, String rest, String consequence) throws KubeException {
        ClusterNetworkPolicy policy = read("""
                {"metadata":{"name":"a"},"spec":{"tier":"Admin","priority":1,"subject":{"namespaces":{}},
                 "egress":[{"action":"Deny","to":[{"namespaces":{}}]},{"name":"n","action":"%s",%s}]}}""".formatted(action, rest));
        assertThat(policy.faults())
                .singleElement()
                .asString()
                .startsWith("egress rule 2 \"n\": ")
                .endsWith(consequence);
        return policy.egress().getLast();
    }

    @Test
    void onlyDestinationsAreNodesAndNetworks() throws KubeException {
        for (String peer : List.of("{\"nodes\":{}}", "{\"networks\":[\"10.0.0.0/8\"]}")) {
            ClusterNetworkPolicy policy = read("""
                    {"metadata":{"name":"a"},"spec":{"tier":"Admin","subject":{"namespaces":{}},
                     "ingress":[{"action":"Accept","from":[%s]}]}}""".formatted(peer));
            assertThat(policy.ingress().getFirst().peers()).isEmpty();
            assertThat(policy.faults()).hasSize(1);
        }
    }

    @Test
    void withoutASubjectThatCanBeReadItAppliesToNobody() throws KubeException {
        for (String subject : List.of(
                "{}",
                "null",
                "{\"future\":{}}",
                "{\"namespaces\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Like\"}]}}",
                "{\"namespaces\":{},\"pods\":{\"podSelector\":{}}}")) {
            ClusterNetworkPolicy policy =
                    read("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"tier\":\"Admin\",\"subject\":" + subject + "}}");
            assertThat(policy.subject()).isEmpty();
            assertThat(policy.faults()).containsExactly("the subject cannot be read: the policy applies to no pod");
        }
    }

    @Test
    void rulesOfATierThatIsNotKnownFailClosedBeforeAllOthers() throws KubeException {
        ClusterNetworkPolicy policy = read(POLICY.replace("Baseline", "Middle"));
        assertThat(policy.tier()).isEqualTo(Tier.ADMIN);
        assertThat(policy.ingress().getFirst().peers()).containsExactly(new Peer.Everybody());
        assertThat(policy.ingress().getFirst().action()).isEqualTo(Action.DENY);
        assertThat(policy.egress().getFirst().peers()).isEmpty();
        assertThat(policy.faults()).singleElement().asString().contains("Middle");
    }

    @Test
    void anyMutationReadsOrIsRefused() {
        byte[] bytes = POLICY.getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 10_000; seed++) {
            Random random = new Random(seed);
            byte[] damaged = bytes.clone();
            for (int i = random.nextInt(8); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] =
                        random.nextBoolean() ? (byte) random.nextInt() : bytes[random.nextInt(bytes.length)];
            }
            PolicyDecodingTest.readsOrIsRefused(damaged);
        }
    }

    private static ClusterNetworkPolicy read(String json) throws KubeException {
        return Decoding.read(json.getBytes(StandardCharsets.UTF_8), KindSpec.clusterNetworkPolicies());
    }
}
