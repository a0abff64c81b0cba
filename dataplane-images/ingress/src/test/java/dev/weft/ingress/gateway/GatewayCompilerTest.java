package dev.weft.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.match.TestRequest;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.TlsTermination;
import dev.weft.ingress.route.Upstream;
import dev.weft.testkit.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayCompilerTest {
    private static final Path CASES = Path.of("src/test/resources/gateway");

    private static GatewayWorld world(String name) throws Exception {
        return GatewayWorld.of(Files.readString(CASES.resolve(name + ".yaml")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"listeners", "attachment", "references", "sets", "streams", "tls", "addresses", "odd"})
    void statuses_say_what_came_of_objects(String name) throws Exception {
        Golden.assertMatches("gateway/" + name + ".txt", world(name).statuses());
    }

    @ParameterizedTest
    @ValueSource(strings = {"listeners", "attachment", "references", "sets", "streams", "tls", "addresses", "odd"})
    void the_same_objects_give_the_same(String name) throws Exception {
        GatewayWorld world = world(name);
        assertThat(world.again().statuses()).isEqualTo(world.part().statuses());
        assertThat(world.again().upstreams()).isEqualTo(world.part().upstreams());
        assertThat(world.again().references()).isEqualTo(world.part().references());
    }

    @Test
    void no_case_is_forgotten() throws Exception {
        try (var files = Files.list(CASES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".yaml"))
                            .map(name -> name.replace(".yaml", "")))
                    .containsExactlyInAnyOrder(
                            "listeners",
                            "attachment",
                            "references",
                            "sets",
                            "streams",
                            "tls",
                            "addresses",
                            "odd",
                            "rules");
        }
    }

    @Test
    void requests_find_the_rule_that_comes_first() throws Exception {
        GatewayWorld world = world("rules");
        for (String line : List.of(
                "a.example/ -> any 0",
                "a.example/exact -> paths 1",
                "a.example/exact/ -> paths 0",
                "a.example/longer/path -> paths 3",
                "a.example/longer -> paths 2",
                "a.example/longest -> any 0",
                // A method, then more header fields, then parameters, make a rule of the same path come first.
                "POST a.example/match -> matches 1",
                "a.example/match [one: 1] -> matches 2",
                "a.example/match [one: 1] [two: 2] -> matches 3",
                "a.example/match?q=1 -> matches 4",
                "a.example/match?q=2 -> matches 0",
                "a.example/match [number: 42] -> matches 5",
                "a.example/match [number: 42a] -> matches 0",
                // Of two that are the same the older.
                "a.example/same -> older 0",
                // Hosts: exact before wildcard, longer before shorter; where nothing fits the next is tried.
                "b.example/host -> exact 0",
                "c.b.example/host -> wide 0",
                "d.c.b.example/host -> narrow 0",
                "d.c.b.example/other -> wide 1",
                "b.example/none -> any 0",
                "POST a.example/shop.Cart/Add -> grpc 0",
                "POST a.example/shop.Cart/Other -> grpc 1",
                "POST a.example/other.Service/Add -> grpc 2",
                "POST a.example/x.Y/Z -> any 0")) {
            String[] sides = line.split(" -> ");
            assertThat(world.routed("shop/web", 80, request(sides[0]))).as(line).isEqualTo(sides[1]);
        }
    }

    /** {@code METHOD url [field: value] ...} */
    private static TestRequest request(String text) {
        boolean post = text.startsWith("POST ");
        String[] parts = (post ? text.substring(5) : text).split(" \\[");
        TestRequest request = TestRequest.get(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            request = request.header(parts[i].replace("]", ""));
        }
        return post ? request.method("POST") : request;
    }

    @Test
    void rules_are_carried_over_as_a_whole() throws Exception {
        GatewayWorld world = world("rules");
        HttpRule rule = world.route("shop/web", 80, TestRequest.get("a.example/filters/x"));
        assertThat(rule.matchedPrefix()).isEqualTo("/filters");
        assertThat(rule.timeouts().request()).isEqualTo(Duration.ofMinutes(90));
        assertThat(rule.timeouts().backend()).isEqualTo(Duration.ofMillis(1500));
        assertThat(rule.retry().orElseThrow().attempts()).isEqualTo(3);
        assertThat(rule.retry().orElseThrow().codes()).containsExactlyInAnyOrder(500, 503);
        assertThat(rule.affinity().orElseThrow().cookie()).isEqualTo("stay");
        assertThat(rule.filters()).hasSize(5);
        assertThat(rule.filters().get(2))
                .isEqualTo(new Filter.Mirror(
                        world.part().upstreams().stream()
                                .filter(plan -> plan.id().service().equals("mirror"))
                                .findFirst()
                                .orElseThrow()
                                .id(),
                        1,
                        4));
        assertThat(rule.target().backends()).hasSize(2);
        assertThat(rule.target().backends().get(1).weight()).isEqualTo(0);
        assertThat(rule.target().backends().get(1).filters()).hasSize(1);
    }

    @Test
    void redirects_without_port_lead_back_to_the_port_that_clients_see() throws Exception {
        GatewayWorld world = world("rules");
        assertThat(world.route("shop/web", 80, TestRequest.get("a.example/redirect"))
                        .filters())
                .containsExactly(new Filter.Redirect(
                        Optional.empty(), Optional.of("x.example"), Optional.of(80), Optional.empty(), 302, true));
        assertThat(world.route("shop/web", 8080, TestRequest.get("a.example/redirect"))
                        .filters())
                .containsExactly(new Filter.Redirect(
                        Optional.empty(), Optional.of("x.example"), Optional.of(8080), Optional.empty(), 302, true));
        assertThat(world.route("shop/web", 80, TestRequest.get("a.example/scheme"))
                        .filters())
                .containsExactly(new Filter.Redirect(
                        Optional.of("https"), Optional.empty(), Optional.empty(), Optional.empty(), 301, true));
        assertThat(world.port("shop/web", "TCP", 8080)
                        .map(Port.Web.class::cast)
                        .orElseThrow()
                        .external())
                .isEqualTo(8080);
    }

    @Test
    void backends_are_spoken_to_as_their_ports_and_policies_say() throws Exception {
        GatewayWorld world = world("tls");
        assertThat(world.part().upstreams().stream()
                        .map(plan -> plan.id().service() + ":" + plan.id().port() + " " + plan.protocol()
                                + plan.tls()
                                        .map(tls -> " " + tls.serverName() + " " + tls.subjectAltNames() + " "
                                                + tls.client()
                                                        .map(Object::toString)
                                                        .orElse("-"))
                                        .orElse(""))
                        .sorted())
                .containsExactly(
                        "cleartext:80 HTTP1",
                        "grpc:80 HTTP2",
                        "h2c:80 HTTP2",
                        "secure:443 HTTP1 secure.example [] Certificate[shop/client]",
                        "secure:8443 HTTP1 named.example [other.example, spiffe://shop/a] Certificate[shop/client]");
        // What has a policy that cannot be followed is not asked in the clear.
        assertThat(world.route("shop/web", 443, TestRequest.get("a.example/broken"))
                        .target())
                .isEqualTo(Target.respond(500));
    }

    @Test
    void tls_ends_as_listeners_say() throws Exception {
        GatewayWorld world = world("tls");
        Listener listener = world.web("shop/web", 443).getFirst();
        TlsTermination tls = listener.tls().orElseThrow();
        assertThat(tls.certificates()).hasSize(1);
        assertThat(tls.http2()).isTrue();
        assertThat(tls.clients().orElseThrow().mode()).isEqualTo(TlsTermination.ClientAuth.Mode.HANDSHAKE);
        assertThat(((Listener.Serving.Http) listener.serving()).misdirected()).isTrue();
        assertThat(world.web("shop/web", 8443)
                        .getFirst()
                        .tls()
                        .orElseThrow()
                        .clients()
                        .orElseThrow()
                        .mode())
                .isEqualTo(TlsTermination.ClientAuth.Mode.UNVERIFIED);
        assertThat(world.web("shop/web", 9443)).hasSize(2);
        assertThat(world.web("shop/web", 9443).get(0).tls()).isEmpty();
        assertThat(world.web("shop/web", 9443).get(1).tls().orElseThrow().http2())
                .isFalse();
    }

    @Test
    void the_oldest_route_has_a_port_of_streams() throws Exception {
        GatewayWorld world = world("streams");
        assertThat(((Port.Tcp) world.port("shop/l4", "TCP", 5432).orElseThrow())
                        .target()
                        .backends())
                .hasSize(2);
        assertThat(((Port.Udp) world.port("shop/l4", "UDP", 53).orElseThrow())
                        .target()
                        .backends())
                .hasSize(1);
        assertThat(world.port("shop/l4", "TCP", 53)).isPresent();
        assertThat(world.part().upstreams().stream()
                        .filter(plan -> plan.id().variant().startsWith("udp")))
                .hasSize(1)
                .allMatch(plan -> plan.protocol() == Upstream.Protocol.HTTP1);
    }

    @Test
    void nothing_is_served_before_there_is_a_service() throws Exception {
        GatewayWorld world = world("rules");
        GatewayCompiler compiler = new GatewayCompiler(GatewayWorld.NAMESPACE);
        assertThat(compiler.compile(world.cluster().with(GatewayKinds.GATEWAY_SERVICES, Map.of()))
                        .ports())
                .isEmpty();
    }

    @Test
    void secrets_and_config_maps_are_asked_for_also_if_they_are_not_there() throws Exception {
        GatewayWorld world = world("tls");
        assertThat(world.part().references().secrets().stream().map(Object::toString))
                .contains("shop/cert", "shop/client", "shop/missing");
        assertThat(world.part().references().configMaps().stream().map(Object::toString))
                .contains("shop/ca", "shop/no-ca");
    }
}
