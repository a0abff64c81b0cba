package dev.weft.ingress.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.agent.TimeSource;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.cluster.References;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.gateway.GatewayCompiler;
import dev.weft.ingress.gateway.GatewayKinds;
import dev.weft.ingress.nginx.IngressCompiler;
import dev.weft.kube.EventRecorder;
import dev.weft.kube.KubeClient;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectReference;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/weft-system/leases/weft-ingress";
    private static final String GATEWAYS = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways";

    private static final String OBJECTS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: gateways.gateway.networking.k8s.io}
            spec: {group: gateway.networking.k8s.io, names: {plural: gateways}, versions: [{name: v1, served: true}]}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: weft}
            spec: {controllerName: weft.dev/ingress}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: web, namespace: shop, generation: 4, resourceVersion: "VERSION"}
            spec: {gatewayClassName: weft, listeners: [{name: http, port: 80, protocol: HTTP}]}
            """;

    private FakeApiServer api;
    private KubeClient client;
    private final List<AutoCloseable> running = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        api = new FakeApiServer();
        client = api.client();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : running.reversed()) {
            each.close();
        }
        client.close();
        api.close();
    }

    private Control control(String identity) {
        return control(identity, TimeSource.system());
    }

    private Control control(String identity, TimeSource time) {
        EventRecorder events = new EventRecorder(client, "weft.dev/ingress", identity);
        running.add(events);
        Control control = new Control(
                client,
                events,
                "weft-system",
                identity,
                Set.of(),
                "cluster.local",
                new IngressAddresses("weft-system", Optional.of(new ObjectKey("weft-system", "weft-ingress"))),
                time);
        running.add(control);
        control.start();
        return control;
    }

    private static Cluster cluster(String version) throws Exception {
        List<Kind<?>> kinds = new ArrayList<>(GatewayKinds.ALL);
        kinds.addAll(List.of(GatewayKinds.CRDS, Kinds.SERVICES));
        return ObjectFiles.cluster(kinds, OBJECTS.replace("VERSION", version));
    }

    private static void want(Control control, String version) throws Exception {
        Cluster cluster = cluster(version);
        Part part = new GatewayCompiler("weft-system").compile(cluster);
        control.want(cluster, List.of(part));
    }

    private String gatewayVersion() throws IOException {
        api.put(GATEWAYS + "/web", "{}");
        return api.object(GATEWAYS + "/web")
                .orElseThrow()
                .at("/metadata/resourceVersion")
                .asText();
    }

    @Test
    void the_leader_writes_services_and_statuses_once() throws Exception {
        String version = gatewayVersion();
        Control control = control("a");
        want(control, version);
        await().atMost(PATIENCE).until(() -> api.writes().size() >= 3);
        assertThat(api.object(GATEWAYS + "/web")
                        .orElseThrow()
                        .at("/status/conditions/0/type")
                        .asText())
                .isEqualTo("Accepted");
        assertThat(api.writes())
                .anyMatch(write -> write.startsWith("PATCH /api/v1/namespaces/weft-system/services/gw-web-"))
                .contains("PATCH /api/v1/namespaces/shop/services/web-weft", "PATCH " + GATEWAYS + "/web/status");
        // The same once more, before any watch has told of what was written, and a third time.
        want(control, version);
        want(control, version);
        Leadership other = leadership("b", new AtomicInteger());
        await().atMost(PATIENCE).until(control::isLeader);
        assertThat(other.isLeader()).isFalse();
        assertThat(api.writes()).hasSize(3);
    }

    @Test
    void a_status_that_changed_meanwhile_is_left_until_the_watch_tells() throws Exception {
        String stale = gatewayVersion();
        String fresh = gatewayVersion();
        Control control = control("a");
        want(control, stale);
        String status = "PATCH " + GATEWAYS + "/web/status";
        await().atMost(PATIENCE).until(() -> api.writes().contains(status));
        want(control, stale);
        want(control, fresh);
        await().atMost(PATIENCE)
                .until(() -> api.object(GATEWAYS + "/web").orElseThrow().has("status"));
        assertThat(api.writes().stream().filter(status::equals)).hasSize(2);
    }

    @Test
    void what_fails_for_now_is_tried_again() throws Exception {
        AtomicInteger refusals = new AtomicInteger(2);
        api.refuse(503, write -> write.endsWith("/status") && refusals.getAndDecrement() > 0);
        Control control = control("a");
        want(control, gatewayVersion());
        await().atMost(PATIENCE)
                .until(() -> api.object(GATEWAYS + "/web").orElseThrow().has("status"));
        assertThat(api.object("/api/v1/namespaces/shop/services/web-weft")).isPresent();
    }

    /** Much less than any time-out, or than pauses that grow. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private void awaitStatus() {
        await().atMost(SOON)
                .until(() -> api.object(GATEWAYS + "/web").orElseThrow().has("status"));
    }

    @Test
    void what_is_never_answered_holds_up_no_other() throws Exception {
        Control control = control("a");
        await().atMost(PATIENCE).until(control::isLeader);
        api.hang(write -> write.contains("/services/"));
        want(control, gatewayVersion());
        awaitStatus();
        want(control, gatewayVersion());
        awaitStatus();
    }

    @Test
    void what_is_refused_holds_up_no_other() throws Exception {
        Control control = control("a");
        await().atMost(PATIENCE).until(control::isLeader);
        // As in a namespace that is being deleted.
        api.refuse(403, write -> write.endsWith("/services/web-weft"));
        want(control, gatewayVersion());
        awaitStatus();
        await().atMost(PATIENCE)
                .until(() -> api.writes().stream()
                                .filter(write -> write.endsWith("/services/web-weft"))
                                .count()
                        >= 2);
        want(control, gatewayVersion());
        awaitStatus();
        api.refuse(403, write -> false);
        await().atMost(PATIENCE)
                .until(() ->
                        api.object("/api/v1/namespaces/shop/services/web-weft").isPresent());
    }

    @Test
    void what_others_write_over_is_written_again() throws Exception {
        Control control = control("a");
        await().atMost(PATIENCE).until(control::isLeader);
        want(control, gatewayVersion());
        awaitStatus();
        // Somebody replaces the object, status and all; the watch tells.
        want(control, gatewayVersion());
        awaitStatus();
    }

    /** A clock that can be put forward. */
    private static final class Clock implements TimeSource {
        private final AtomicLong ahead = new AtomicLong();

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanos() {
            return System.nanoTime() + ahead.get();
        }
    }

    @Test
    void who_could_not_renew_its_lease_for_a_while_writes_what_was_wanted_meanwhile() throws Exception {
        Clock clock = new Clock();
        Control control = control("a", clock);
        await().atMost(PATIENCE).until(control::isLeader);
        clock.ahead.addAndGet(LeaseStep.DEADLINE.plusSeconds(1).toNanos());
        assertThat(control.isLeader()).isFalse();
        want(control, gatewayVersion());
        await().atMost(PATIENCE)
                .until(() -> api.object(GATEWAYS + "/web").orElseThrow().has("status"));
        assertThat(control.isLeader()).isTrue();
    }

    @Test
    void a_service_of_somebody_else_is_not_made_an_alias() throws Exception {
        api.put("/api/v1/namespaces/shop/services/web-weft", "{\"spec\":{\"type\":\"ClusterIP\"}}");
        Control control = control("a");
        want(control, gatewayVersion());
        await().atMost(PATIENCE).until(() -> api.writes().size() >= 2);
        want(control, gatewayVersion());
        await().atMost(PATIENCE).until(() -> api.writes().size() >= 3);
        assertThat(api.object("/api/v1/namespaces/shop/services/web-weft")
                        .orElseThrow()
                        .at("/spec/type")
                        .asText())
                .isEqualTo("ClusterIP");
    }

    @Test
    void ingresses_are_told_where_they_are_reached_once() throws Exception {
        String ingress = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses/web";
        api.put(ingress, "{}");
        Cluster cluster = ObjectFiles.cluster(Kinds.ALL, """
                apiVersion: v1
                kind: Service
                metadata: {name: weft-ingress, namespace: weft-system}
                spec: {clusterIP: 10.96.0.9, ports: [{port: 80}]}
                status: {loadBalancer: {ingress: [{ip: 203.0.113.1}, {hostname: lb.example}]}}
                """);
        ObjectReference object = new ObjectReference("networking.k8s.io/v1", "Ingress", "shop", "web", "u");
        Part part = new Part(
                Map.of(),
                Set.of(),
                References.NONE,
                List.of(),
                List.of(new IngressCompiler.Served(object, List.of("192.0.2.1"))));
        Control control = control("a");
        control.want(cluster, List.of(part));
        await().atMost(PATIENCE).until(() -> api.object(ingress).orElseThrow().has("status"));
        control.want(cluster, List.of(part));
        assertThat(api.object(ingress)
                        .orElseThrow()
                        .at("/status/loadBalancer/ingress")
                        .toString())
                .isEqualTo("[{\"ip\":\"203.0.113.1\"},{\"hostname\":\"lb.example\"}]");
        assertThat(api.writes()).containsExactly("PATCH " + ingress + "/status");
    }

    private Leadership leadership(String identity, AtomicInteger gained) {
        Leadership leadership = new Leadership(
                client, "weft-system", "weft-ingress", identity, gained::incrementAndGet, TimeSource.system());
        running.add(leadership);
        leadership.start();
        return leadership;
    }

    @Test
    void a_lead_that_is_given_up_is_taken_over_at_once() throws Exception {
        AtomicInteger gained = new AtomicInteger();
        Leadership first = leadership("a", gained);
        await().atMost(PATIENCE).until(first::isLeader);
        Leadership second = leadership("b", gained);
        assertThat(api.object(LEASE).orElseThrow().at("/spec/holderIdentity").asText())
                .isEqualTo("a");
        assertThat(second.isLeader()).isFalse();
        long began = System.nanoTime();
        first.close();
        await().atMost(PATIENCE).until(second::isLeader);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LeaseStep.DURATION);
        assertThat(first.isLeader()).isFalse();
        assertThat(gained).hasValue(2);
        assertThat(api.object(LEASE).orElseThrow().at("/spec/leaseTransitions").asInt())
                .isEqualTo(1);
    }

    @Test
    void a_leader_that_somebody_took_over_from_stops() throws Exception {
        Leadership first = leadership("a", new AtomicInteger());
        await().atMost(PATIENCE).until(first::isLeader);
        api.put(LEASE, "{\"spec\":{\"holderIdentity\":\"b\"}}");
        await().atMost(PATIENCE).until(() -> !first.isLeader());
    }
}
