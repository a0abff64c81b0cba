package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NodeDecodingTest {
    private static final String NODE = """
            {"apiVersion":"v1","kind":"Node",
             "metadata":{"name":"node-a","uid":"u1","resourceVersion":"7","creationTimestamp":"2026-01-01T00:00:00Z",
               "labels":{"kubernetes.io/hostname":"node-a","weft.dev/revision":"r1"},
               "annotations":{"x":"{\\"metadata\\":{\\"name\\":\\"wrong\\"}}"},
               "managedFields":[{"fieldsV1":{"f:metadata":{"f:labels":{".":{}}}}}]},
             "spec":{"podCIDR":"10.244.1.0/24","podCIDRs":["10.244.1.0/24","fd00:244:0:1::/64"],
               "taints":[{"key":"a"}]},
             "status":{"addresses":[{"address":"node-a","type":"Hostname"},{"type":"ExternalIP","address":"198.51.100.1"},
                 {"type":"InternalIP","address":"192.0.2.7"},{"type":"InternalIP","address":"2001:db8::7"}],
               "conditions":[{"type":"MemoryPressure","status":"False"},{"type":"Ready","status":"True"}]}}""";

    @Test
    void readsWhatThePodNetworkNeeds() throws KubeException {
        Node node = Decoding.node(NODE);
        assertThat(node.name()).isEqualTo("node-a");
        assertThat(node.uid()).isEqualTo("u1");
        assertThat(node.created()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(node.labels()).isEqualTo(Map.of("kubernetes.io/hostname", "node-a", "weft.dev/revision", "r1"));
        assertThat(node.podCidr(Family.IPV4)).contains(Cidr.parse("10.244.1.0/24"));
        assertThat(node.podCidr(Family.IPV6)).contains(Cidr.parse("fd00:244:0:1::/64"));
        assertThat(node.internalIp(Family.IPV4)).contains(Ip.parse("192.0.2.7"));
        assertThat(node.internalIp(Family.IPV6)).contains(Ip.parse("2001:db8::7"));
        assertThat(node.addresses())
                .as("of any type, but names")
                .containsExactly(Ip.parse("198.51.100.1"), Ip.parse("192.0.2.7"), Ip.parse("2001:db8::7"));
        assertThat(node.ready()).isTrue();
        assertThat(node.deleting()).isFalse();
    }

    @Test
    void takesOddButPermittedObjects() throws KubeException {
        Node bare = Decoding.node("{\"metadata\":{\"name\":\"a\",\"labels\":null},\"spec\":{},\"status\":null}");
        assertThat(bare.podCidrs()).isEmpty();
        assertThat(bare.internalIps()).isEmpty();
        assertThat(bare.ready()).isFalse();

        Node single = Decoding.node("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"podCIDR\":\"10.244.1.9/24\"}}");
        assertThat(single.podCidrs()).containsExactly(Cidr.parse("10.244.1.0/24"));

        Node odd = Decoding.node("""
                {"status":{"addresses":[{"type":"InternalIP","address":"not an address"},7,null,{"type":"InternalIP"}],
                  "conditions":{"type":"Ready"}},
                 "spec":{"podCIDRs":["nonsense","10.0.0.0/99","10.0.0.0/24x",[],{}]},
                 "metadata":{"name":"a","deletionTimestamp":"2026-01-01T00:00:00Z","labels":{"a":1}}}""");
        assertThat(odd.internalIps()).isEmpty();
        assertThat(odd.podCidrs()).isEmpty();
        assertThat(odd.deleting()).isTrue();
    }

    @Test
    void refusesWhatIsNoJson() {
        assertThatThrownBy(() -> Decoding.node("{\"metadata\":{\"name\":")).isInstanceOf(KubeFormatException.class);
        assertThatThrownBy(() -> Decoding.node("<html>")).isInstanceOf(KubeFormatException.class);
        assertThatThrownBy(() -> Decoding.node("{\"a\":" + "[".repeat(5000))).isInstanceOf(KubeFormatException.class);
        assertThatThrownBy(() -> Decoding.node("{\"a\":" + "{\"a\":".repeat(5000)))
                .isInstanceOf(KubeFormatException.class);
    }

    @Test
    void bytesOfOtherEncodingsAreRefused() {
        readsOrIsRefused(new byte[] {0, 0, '{', 0});
        readsOrIsRefused(new byte[] {'{', 0, '}', 0});
        readsOrIsRefused(new byte[] {(byte) 0xfe, (byte) 0xff, 0, '{'});
        readsOrIsRefused(new byte[] {'{', '"', (byte) 0xc3, '"', '}'});
    }

    @Test
    void anyMutationReadsOrIsRefused() {
        byte[] good = NODE.getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            int mutations = 1 + random.nextInt(8);
            for (int i = 0; i < mutations; i++) {
                bytes[random.nextInt(bytes.length)] =
                        random.nextBoolean() ? (byte) random.nextInt() : good[random.nextInt(good.length)];
            }
            readsOrIsRefused(bytes);
        }
    }

    /** The law of every decoder: a value, or a typed failure. */
    static void readsOrIsRefused(byte[] bytes) {
        try {
            Decoding.node(bytes);
        } catch (KubeException e) {
            assertThat(e).isInstanceOf(KubeFormatException.class);
        }
        try (JsonInput in = new JsonInput(new ByteArrayInputStream(bytes))) {
            while (in.advance()) {
                WatchEvent.read(in, KindSpec.nodes().decoder());
            }
        } catch (KubeException e) {
            assertThat(e).isInstanceOf(KubeFormatException.class);
        }
    }
}
