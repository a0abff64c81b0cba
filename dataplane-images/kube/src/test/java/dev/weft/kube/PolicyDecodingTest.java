package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.NetworkPolicy.Peer;
import dev.weft.kube.NetworkPolicy.Port;
import dev.weft.kube.NetworkPolicy.Rule;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What network policy is about: Pods, Namespaces, NetworkPolicies. */
class PolicyDecodingTest {
    private static final String POD = """
            {"metadata":{"namespace":"shop","name":"web-1","uid":"u1","labels":{"app":"web"},"annotations":{"a":"b"}},
             "spec":{"nodeName":"node-a","initContainers":[{"name":"mesh","restartPolicy":"Always",
                 "ports":[{"name":"admin","containerPort":15000}]}],
               "containers":[{"name":"web","ports":[{"name":"http","containerPort":8080,"protocol":"TCP"},
                 {"containerPort":9090},{"name":"dns","containerPort":53,"protocol":"UDP"}]}]},
             "status":{"phase":"Running","podIP":"10.244.1.7","podIPs":[{"ip":"10.244.1.7"},{"ip":"fd00:244::7"}]}}""";

    private static final String POLICY = """
            {"metadata":{"namespace":"shop","name":"web"},
             "spec":{"podSelector":{"matchLabels":{"app":"web"}},"policyTypes":["Ingress","Egress"],
               "ingress":[{"from":[{"podSelector":{"matchExpressions":[
                     {"key":"tier","operator":"In","values":["b","a"]},{"key":"old","operator":"DoesNotExist"}]}},
                   {"namespaceSelector":{}},
                   {"namespaceSelector":{"matchLabels":{"team":"x"}},"podSelector":{"matchLabels":{"app":"y"}}}],
                 "ports":[{"port":80},{"port":"http","protocol":"TCP"},{"protocol":"UDP","port":100,"endPort":200},
                   {"protocol":"SCTP"}]}],
               "egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}]},{}]}}""";

    @Test
    void readsPods() throws KubeException {
        assertThat(read(POD, KindSpec.pods()))
                .isEqualTo(new Pod(
                        new ObjectKey("shop", "web-1"),
                        "u1",
                        "node-a",
                        Map.of("app", "web"),
                        List.of(Ip.parse("10.244.1.7"), Ip.parse("fd00:244::7")),
                        List.of(
                                new Pod.Port("admin", 6, 15000),
                                new Pod.Port("http", 6, 8080),
                                new Pod.Port("dns", 17, 53)),
                        false,
                        false));
    }

    @Test
    void podsOfOneWorkloadShareWhatTheyHaveInCommon() throws KubeException {
        KindSpec<Pod> kind = KindSpec.pods();
        Pod one = read(POD, kind);
        Pod other = read(POD.replace("web-1", "web-2").replace(".7", ".8"), kind);
        assertThat(other.labels()).isSameAs(one.labels());
        assertThat(other.ports()).isSameAs(one.ports());
    }

    @Test
    void tellsPodsWithoutAddressesOfTheirOwn() throws KubeException {
        assertThat(read(POD, KindSpec.pods()).isNetworked()).isTrue();
        assertThat(read(POD.replace("Running", "Succeeded"), KindSpec.pods()).isNetworked())
                .isFalse();
        assertThat(read(POD.replace("Running", "Failed"), KindSpec.pods()).isNetworked())
                .isFalse();
        assertThat(read(POD.replace("\"nodeName\"", "\"hostNetwork\":true,\"nodeName\""), KindSpec.pods())
                        .isNetworked())
                .isFalse();
    }

    @Test
    void aMirrorPodHasTheUidOfItsStaticPod() throws KubeException {
        assertThat(read(POD.replace("\"a\":\"b\"", "\"kubernetes.io/config.hash\":\"h\""), KindSpec.pods())
                        .uid())
                .isEqualTo("h");
    }

    @Test
    void readsPolicies() throws KubeException {
        assertThat(read(POLICY, KindSpec.networkPolicies()))
                .isEqualTo(new NetworkPolicy(
                        new ObjectKey("shop", "web"),
                        new LabelSelector(Map.of("app", "web"), List.of()),
                        true,
                        true,
                        List.of(new Rule(
                                List.of(
                                        new Port.Numbers(6, 80, 80),
                                        new Port.Named(6, "http"),
                                        new Port.Numbers(17, 100, 200),
                                        new Port.Numbers(132, 0, 65535)),
                                List.of(
                                        new Peer.Pods(
                                                Optional.empty(),
                                                new LabelSelector(
                                                        Map.of(),
                                                        List.of(
                                                                new LabelSelector.Requirement(
                                                                        "old",
                                                                        LabelSelector.Operator.DOES_NOT_EXIST,
                                                                        List.of()),
                                                                new LabelSelector.Requirement(
                                                                        "tier",
                                                                        LabelSelector.Operator.IN,
                                                                        List.of("a", "b"))))),
                                        new Peer.Pods(Optional.of(LabelSelector.EVERYTHING), LabelSelector.EVERYTHING),
                                        new Peer.Pods(
                                                Optional.of(new LabelSelector(Map.of("team", "x"), List.of())),
                                                new LabelSelector(Map.of("app", "y"), List.of()))))),
                        List.of(
                                new Rule(
                                        List.of(),
                                        List.of(new Peer.Block(
                                                Cidr.parse("10.0.0.0/8"), List.of(Cidr.parse("10.1.0.0/16"))))),
                                new Rule(List.of(), List.of()))));
    }

    @Test
    void typesDefaultAsInTheApi() throws KubeException {
        NetworkPolicy none = read("{\"metadata\":{\"name\":\"a\"},\"spec\":{}}", KindSpec.networkPolicies());
        assertThat(none.isolatesIngress()).isTrue();
        assertThat(none.isolatesEgress()).isFalse();
        NetworkPolicy both =
                read("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"egress\":[{}]}}", KindSpec.networkPolicies());
        assertThat(both.isolatesIngress()).isTrue();
        assertThat(both.isolatesEgress()).isTrue();
        NetworkPolicy egress = read(
                "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"policyTypes\":[\"Egress\"],\"ingress\":[{}]}}",
                KindSpec.networkPolicies());
        assertThat(egress.isolatesIngress()).isFalse();
        assertThat(egress.isolatesEgress()).isTrue();
        assertThat(egress.ingress()).isEmpty();
    }

    @Test
    void whatCannotBeReadAllowsNobody() throws KubeException {
        for (String peer : List.of(
                "{}",
                "{\"ipBlock\":{\"cidr\":\"nowhere\"}}",
                "{\"ipBlock\":{\"cidr\":\"10.0.0.0/8\",\"except\":[\"?\"]}}")) {
            NetworkPolicy policy = read(
                    "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"ingress\":[{\"from\":[" + peer + "]}]}}",
                    KindSpec.networkPolicies());
            assertThat(policy.ingress().getFirst().peers()).containsExactly(new Peer.Nobody());
        }
    }

    @Test
    void selectorsMatchAsTheApiSays() {
        Map<String, String> labels = Map.of("app", "web", "tier", "a");
        assertThat(selector("app", LabelSelector.Operator.IN, "web", "x").matches(labels))
                .isTrue();
        assertThat(selector("app", LabelSelector.Operator.NOT_IN, "web").matches(labels))
                .isFalse();
        assertThat(selector("other", LabelSelector.Operator.NOT_IN, "web").matches(labels))
                .isTrue();
        assertThat(selector("other", LabelSelector.Operator.IN, "web").matches(labels))
                .isFalse();
        assertThat(selector("tier", LabelSelector.Operator.EXISTS).matches(labels))
                .isTrue();
        assertThat(selector("tier", LabelSelector.Operator.DOES_NOT_EXIST).matches(labels))
                .isFalse();
        assertThat(selector("tier", LabelSelector.Operator.UNKNOWN).matches(labels))
                .isFalse();
        assertThat(LabelSelector.EVERYTHING.matches(Map.of())).isTrue();
        assertThat(new LabelSelector(Map.of("app", "web", "x", "y"), List.of()).matches(labels))
                .isFalse();
    }

    private static LabelSelector selector(String key, LabelSelector.Operator operator, String... values) {
        return new LabelSelector(Map.of(), List.of(new LabelSelector.Requirement(key, operator, List.of(values))));
    }

    @Test
    void anyMutationReadsOrIsRefused() {
        for (String good : List.of(POD, POLICY)) {
            byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
            for (int seed = 0; seed < 10_000; seed++) {
                Random random = new Random(seed);
                byte[] damaged = bytes.clone();
                for (int i = random.nextInt(8); i >= 0; i--) {
                    damaged[random.nextInt(damaged.length)] =
                            random.nextBoolean() ? (byte) random.nextInt() : bytes[random.nextInt(bytes.length)];
                }
                readsOrIsRefused(damaged);
            }
        }
    }

    static void readsOrIsRefused(byte[] bytes) {
        for (KindSpec<?> kind : List.of(
                KindSpec.pods(),
                KindSpec.namespaces(),
                KindSpec.networkPolicies(),
                KindSpec.clusterNetworkPolicies(),
                KindSpec.customKind("any"))) {
            try {
                Decoding.read(bytes, kind);
            } catch (KubeException e) {
                assertThat(e).isInstanceOf(KubeFormatException.class);
            }
        }
    }

    private static <T> T read(String json, KindSpec<T> kind) throws KubeException {
        return Decoding.read(json.getBytes(StandardCharsets.UTF_8), kind);
    }
}
