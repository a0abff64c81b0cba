package dev.weft.ingress.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.gateway.GatewayCompiler;
import dev.weft.ingress.gateway.GatewayKinds;
import dev.weft.ingress.gateway.GatewayStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
    private static final Instant NOW = Instant.parse("2026-05-06T07:08:09.123Z");

    private static final String GATEWAY = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: weft, generation: 1}
            spec: {controllerName: weft.dev/ingress}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: web, namespace: shop, generation: 4}
            spec: {gatewayClassName: weft, listeners: [{name: http, port: 80, protocol: HTTP}]}
            status: %s
            """;

    private static final String ROUTE = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: route, namespace: shop, generation: 7}
            spec: {parentRefs: %s}
            status: %s
            """;

    private static Part compile(String... yaml) throws Exception {
        List<Kind<?>> kinds = new ArrayList<>(GatewayKinds.ALL);
        kinds.add(Kinds.SERVICES);
        Cluster cluster = ObjectFiles.cluster(kinds, yaml);
        return new GatewayCompiler("weft-system").compile(cluster);
    }

    private static Optional<Map<String, Object>> patch(String kind, String... yaml) throws Exception {
        return compile(yaml).statuses().stream()
                .map(GatewayStatus.class::cast)
                .filter(status -> status.resource().name().equals(kind))
                .findFirst()
                .flatMap(status -> StatusJson.patch(status, NOW));
    }

    private static String text(Map<String, Object> json) throws Exception {
        return JSON.std.asString(json);
    }

    @Test
    void a_status_that_was_written_needs_nothing_more() throws Exception {
        String first = text(patch("Gateway", GATEWAY.formatted("{}")).orElseThrow());
        assertThat(first)
                .contains("\"lastTransitionTime\":\"2026-05-06T07:08:09Z\"")
                .contains("\"observedGeneration\":4")
                .contains("\"attachedRoutes\":0");
        assertThat(patch("Gateway", GATEWAY.formatted(first))).isEmpty();
        String ofClass = text(patch("GatewayClass", GATEWAY.formatted("{}")).orElseThrow());
        assertThat(ofClass).contains("{\"name\":\"HTTPRouteCORS\"}");
    }

    @Test
    void times_stay_while_a_condition_holds_and_conditions_of_others_stay_as_they_are() throws Exception {
        String before = """
                {conditions: [
                  {type: Other, status: "True", reason: X, message: m, observedGeneration: 1, lastTransitionTime: t0},
                  {type: Programmed, status: "True", reason: Programmed, message: "", observedGeneration: 3, lastTransitionTime: t1},
                  {type: InsecureFrontendValidationMode, status: "True", reason: X, message: m, lastTransitionTime: t2},
                  {type: Accepted, status: "True", reason: Accepted, message: "", observedGeneration: 3, lastTransitionTime: t3}]}
                """;
        String conditions = text(patch("Gateway", GATEWAY.formatted(before)).orElseThrow());
        assertThat(conditions)
                .contains(
                        "{\"type\":\"Other\",\"status\":\"True\",\"reason\":\"X\",\"message\":\"m\",\"observedGeneration\":1,"
                                + "\"lastTransitionTime\":\"t0\"},{\"type\":\"Programmed\",\"status\":\"False\"")
                .contains(
                        "\"type\":\"Accepted\",\"status\":\"True\",\"observedGeneration\":4,\"lastTransitionTime\":\"t3\"")
                .doesNotContain("InsecureFrontendValidationMode")
                .doesNotContain("\"t1\"");
    }

    @Test
    void more_than_is_known_here_is_not_overwritten() throws Exception {
        String ahead = """
                {conditions: [{type: Accepted, status: "False", reason: X, message: m, observedGeneration: 5}]}
                """;
        assertThat(patch("Gateway", GATEWAY.formatted(ahead))).isEmpty();
    }

    @Test
    void parents_of_other_controllers_keep_their_place() throws Exception {
        String other = """
                {parentRef: {name: x}, controllerName: example.com/other, conditions: [{type: Accepted, status: "True"}]}""";
        String status = text(patch(
                        "HTTPRoute",
                        GATEWAY.formatted("{}"),
                        ROUTE.formatted("[{name: web}]", "{parents: [" + other + "]}"))
                .orElseThrow());
        assertThat(status)
                .startsWith("{\"parents\":[{\"parentRef\":{\"name\":\"x\"},\"controllerName\":\"example.com/other\"")
                .contains(
                        "{\"parentRef\":{\"group\":\"gateway.networking.k8s.io\",\"kind\":\"Gateway\",\"name\":\"web\"},"
                                + "\"controllerName\":\"weft.dev/ingress\"");
        assertThat(patch("HTTPRoute", GATEWAY.formatted("{}"), ROUTE.formatted("[{name: web}]", status)))
                .isEmpty();
        // No longer a parent: ours goes, the other's stays.
        assertThat(text(patch("HTTPRoute", GATEWAY.formatted("{}"), ROUTE.formatted("[]", status))
                        .orElseThrow()))
                .contains("example.com/other")
                .doesNotContain("weft.dev/ingress");
    }

    @Test
    void a_route_of_somebody_else_is_not_touched() throws Exception {
        assertThat(patch("HTTPRoute", GATEWAY.formatted("{}"), ROUTE.formatted("[{name: theirs}]", "{}")))
                .isEmpty();
    }
}
