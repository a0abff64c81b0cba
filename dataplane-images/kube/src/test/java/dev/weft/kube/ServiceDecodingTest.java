package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceDecodingTest {
    private static final String SERVICE = """
            {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"shop","name":"web","resourceVersion":"9"},
             "spec":{"type":"LoadBalancer","clusterIP":"10.96.0.1","clusterIPs":["10.96.0.1","fd00:96::1"],
               "ports":[{"name":"https","protocol":"TCP","port":443,"targetPort":"https","nodePort":30443,
                 "appProtocol":"https"},{"name":"dns","protocol":"UDP","port":53,"targetPort":53},
                 {"name":"odd","protocol":"QUIC","port":1}],
               "externalIPs":["203.0.113.1"],"loadBalancerSourceRanges":["192.0.2.0/24"," 10.0.0.1/8 "],
               "externalTrafficPolicy":"Local","internalTrafficPolicy":"Local","sessionAffinity":"ClientIP",
               "sessionAffinityConfig":{"clientIP":{"timeoutSeconds":300}},"healthCheckNodePort":31000},
             "status":{"loadBalancer":{"ingress":[{"ip":"198.51.100.1","ipMode":"VIP"},{"ip":"198.51.100.2"},
               {"ip":"198.51.100.3","ipMode":"Proxy"},{"hostname":"lb.example"}]}}}""";

    private static final String SLICE = """
            {"metadata":{"namespace":"shop","name":"web-abc","labels":{"kubernetes.io/service-name":"web"},
               "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-01T00:00:01Z","a":"b"}},
             "addressType":"IPv4","ports":[{"name":"https","port":8443,"protocol":"TCP"},{"name":"any","port":null}],
             "endpoints":[
               {"addresses":["10.244.1.7","10.244.1.8"],"nodeName":"node-a","zone":"z1",
                 "conditions":{"ready":true,"serving":true,"terminating":false},
                 "hints":{"forZones":[{"name":"z1"}],"forNodes":[{"name":"node-a"}]},"targetRef":{"kind":"Pod"}},
               {"addresses":["10.244.2.7"],"conditions":{"ready":false,"serving":true,"terminating":true}},
               {"addresses":["10.244.2.8"]},{"addresses":["host.example"]},{"addresses":[]}]}""";

    @Test
    void readsServices() throws KubeException {
        assertThat(read(SERVICE, KindSpec.services()))
                .isEqualTo(new Service(
                        new ObjectKey("shop", "web"),
                        "LoadBalancer",
                        List.of(Ip.parse("10.96.0.1"), Ip.parse("fd00:96::1")),
                        List.of(
                                new Service.Port("https", 6, 443, 30443),
                                new Service.Port("dns", 17, 53, 0),
                                new Service.Port("odd", 0, 1, 0)),
                        new Service.External(
                                List.of(Ip.parse("203.0.113.1")),
                                List.of(Ip.parse("198.51.100.1"), Ip.parse("198.51.100.2")),
                                List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("10.0.0.0/8")),
                                true,
                                31000),
                        true,
                        300));
    }

    @Test
    void headlessAndExternalServicesAreNotProxied() throws KubeException {
        Service headless = read(
                "{\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"},\"spec\":{\"clusterIP\":\"None\",\"clusterIPs\":[\"None\"]}}",
                KindSpec.services());
        assertThat(headless.isProxied()).isFalse();
        assertThat(headless.external()).isSameAs(Service.External.NONE);
        assertThat(read(
                                "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"type\":\"ExternalName\",\"clusterIP\":\"10.96.0.1\"}}",
                                KindSpec.services())
                        .isProxied())
                .isFalse();
    }

    @Test
    void readsEndpointSlices() throws KubeException {
        assertThat(read(SLICE, KindSpec.endpointSlices()))
                .isEqualTo(new EndpointSlice(
                        "web",
                        List.of(new EndpointSlice.Port("https", 6, 8443)),
                        List.of(
                                new EndpointSlice.Endpoint(
                                        Ip.parse("10.244.1.7"),
                                        "node-a",
                                        true,
                                        true,
                                        false,
                                        new EndpointSlice.Hints(Set.of("z1"), Set.of("node-a"))),
                                new EndpointSlice.Endpoint(
                                        Ip.parse("10.244.2.7"), "", false, true, true, EndpointSlice.Hints.NONE),
                                new EndpointSlice.Endpoint(
                                        Ip.parse("10.244.2.8"), "", true, true, false, EndpointSlice.Hints.NONE)),
                        Instant.parse("2026-01-01T00:00:01Z").toEpochMilli()));
    }

    @Test
    void asksForNoServiceThatIsNotServed() {
        assertThat(KindSpec.services().query(""))
                .contains(
                        "labelSelector=%21service.kubernetes.io%2Fheadless%2C%21service.kubernetes.io%2Fservice-proxy-name");
    }

    @Test
    void anyMutationReadsOrIsRefused() {
        for (String good : List.of(SERVICE, SLICE)) {
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

    /** The law of every decoder: a value, or a typed failure. */
    static void readsOrIsRefused(byte[] bytes) {
        for (KindSpec<?> kind : List.of(KindSpec.services(), KindSpec.endpointSlices())) {
            try {
                read(bytes, kind);
            } catch (KubeException e) {
                assertThat(e).isInstanceOf(KubeFormatException.class);
            }
        }
    }

    private static <T> T read(String json, KindSpec<T> kind) throws KubeException {
        return read(json.getBytes(StandardCharsets.UTF_8), kind);
    }

    private static <T> T read(byte[] json, KindSpec<T> kind) throws KubeException {
        try (JsonInput in = new JsonInput(new ByteArrayInputStream(json))) {
            in.advance();
            return DecodedObject.read(in, kind.decoder()).value();
        }
    }
}
