package dev.weft.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.gateway.api.HttpRoute;
import dev.weft.ingress.gateway.api.Meta;
import dev.weft.ingress.match.TestRequest;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import dev.weft.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The law of what is kept: a compiler that has seen other clusters makes what a new one makes. */
class IncrementalTest {
    private static final List<Kind<?>> CHANGING = List.of(
            GatewayKinds.GATEWAYS,
            GatewayKinds.LISTENER_SETS,
            GatewayKinds.HTTP_ROUTES,
            GatewayKinds.HTTP_ROUTES,
            GatewayKinds.HTTP_ROUTES,
            GatewayKinds.GRPC_ROUTES,
            GatewayKinds.TCP_ROUTES,
            GatewayKinds.TLS_ROUTES,
            GatewayKinds.REFERENCE_GRANTS,
            GatewayKinds.BACKEND_TLS_POLICIES,
            Kinds.SERVICES,
            Kinds.SERVICES,
            Kinds.NAMESPACES,
            Kinds.SECRETS,
            Kinds.CONFIG_MAPS);

    private static final RandomObjects OBJECTS = new RandomObjects();

    @Test
    void what_was_kept_is_what_would_be_made() {
        Seeded.loop(150, random -> {
            GatewayCompiler kept = new GatewayCompiler(GatewayWorld.NAMESPACE);
            Cluster cluster = ObjectFiles.cluster(List.of(GatewayKinds.GATEWAY_CLASSES), RandomObjects.CLASS);
            for (int step = 0; step < 25; step++) {
                cluster = random.nextInt(4) == 0 ? withServices(cluster, fresh(cluster)) : change(cluster, random);
                same(kept.compile(cluster), fresh(cluster));
            }
        });
    }

    private static Part fresh(Cluster cluster) {
        return new GatewayCompiler(GatewayWorld.NAMESPACE).compile(cluster);
    }

    private static Cluster change(Cluster cluster, Random random) throws Exception {
        return changed(cluster, CHANGING.get(random.nextInt(CHANGING.size())), random);
    }

    private static <T> Cluster changed(Cluster cluster, Kind<T> kind, Random random) throws Exception {
        Map<ObjectKey, T> now = new HashMap<>(cluster.all(kind));
        if (random.nextInt(4) == 0 && !now.isEmpty()) {
            now.remove(List.copyOf(now.keySet()).get(random.nextInt(now.size())));
        } else {
            now.putAll(ObjectFiles.cluster(List.of(kind), OBJECTS.any(kind, random))
                    .all(kind));
        }
        return cluster.with(kind, now);
    }

    /** As the leader makes them. */
    private static Cluster withServices(Cluster cluster, Part part) {
        Map<ObjectKey, GatewayService> services = new HashMap<>();
        int number = 10_000;
        for (ServicePlan plan : GatewayWorld.plans(part)) {
            GatewayService before =
                    cluster.get(GatewayKinds.GATEWAY_SERVICES, plan.key()).orElse(null);
            List<GatewayService.Port> ports = new ArrayList<>();
            for (ServicePlan.Port port : plan.ports()) {
                ports.add(new GatewayService.Port(port.protocol(), port.port(), number++));
            }
            GatewayService now = new GatewayService(
                    plan.key(),
                    plan.labels(),
                    plan.annotations(),
                    plan.type(),
                    "",
                    Map.of(),
                    List.of(Ip.parse("10.96.0.1")),
                    "",
                    ports,
                    List.of());
            services.put(plan.key(), now.equals(before) ? before : now);
        }
        return cluster.with(GatewayKinds.GATEWAY_SERVICES, services);
    }

    private static void same(Part kept, Part fresh) {
        assertThat(kept.statuses()).containsExactlyInAnyOrderElementsOf(fresh.statuses());
        assertThat(kept.upstreams()).isEqualTo(fresh.upstreams());
        assertThat(kept.references()).isEqualTo(fresh.references());
        assertThat(kept.ports().keySet()).isEqualTo(fresh.ports().keySet());
        kept.ports().forEach((number, port) -> {
            Port other = Objects.requireNonNull(fresh.ports().get(number));
            if (port instanceof Port.Web(List<Listener> listeners, int external)) {
                assertThat(other).isInstanceOf(Port.Web.class);
                assertThat(external).isEqualTo(((Port.Web) other).external());
                same(listeners, ((Port.Web) other).listeners());
            } else {
                assertThat(port).isEqualTo(other);
            }
        });
    }

    private static void same(List<Listener> kept, List<Listener> fresh) {
        assertThat(kept).hasSameSizeAs(fresh);
        for (int i = 0; i < kept.size(); i++) {
            Listener one = kept.get(i);
            Listener other = fresh.get(i);
            assertThat(one.name() + " " + one.host()).isEqualTo(other.name() + " " + other.host());
            assertThat(one.tls()).isEqualTo(other.tls());
            for (TestRequest request : RandomObjects.requests()) {
                assertThat(rule(one, request)).as(request.toString()).isEqualTo(rule(other, request));
            }
        }
    }

    private static Object rule(Listener listener, TestRequest request) {
        return listener.serving() instanceof Listener.Serving.Http http
                ? http.router().route(request)
                : listener.serving();
    }

    private static Cluster many() throws Exception {
        StringBuilder text =
                new StringBuilder(RandomObjects.CLASS + RandomObjects.EDGE + RandomObjects.service("a", "s0", ""));
        for (int i = 0; i < 300; i++) {
            text.append(RandomObjects.route(
                    "r" + i, "[{name: edge}]", "[h" + i % 100 + ".example]", "/p" + i, "", "name: s0, port: 80"));
        }
        Cluster bare = ObjectFiles.cluster(RandomObjects.KINDS, text.toString());
        return withServices(bare, fresh(bare));
    }

    private static Map<Integer, HttpRule> rules(Part part) {
        Map<Integer, HttpRule> rules = new HashMap<>();
        List<Listener> listeners = ((Port.Web) part.ports().values().iterator().next()).listeners();
        for (int i = 0; i < 300; i++) {
            rules.put(i, (HttpRule) rule(listeners.getFirst(), TestRequest.get("h" + i % 100 + ".example/p" + i)));
        }
        return rules;
    }

    private static Cluster withRoute(Cluster cluster, HttpRoute route) {
        Map<ObjectKey, HttpRoute> routes = new HashMap<>(cluster.all(GatewayKinds.HTTP_ROUTES));
        routes.put(route.meta().key(), route);
        return cluster.with(GatewayKinds.HTTP_ROUTES, routes);
    }

    /** The rules of all others are the same instances. */
    @Test
    void a_change_among_many_leaves_all_others_as_they_were() throws Exception {
        Cluster cluster = many();
        GatewayCompiler compiler = new GatewayCompiler(GatewayWorld.NAMESPACE);
        Map<Integer, HttpRule> before = rules(compiler.compile(cluster));
        Map<ObjectKey, HttpRoute> routes = new HashMap<>(cluster.all(GatewayKinds.HTTP_ROUTES));
        routes.remove(new ObjectKey("a", "r7"));
        Map<Integer, HttpRule> after = rules(compiler.compile(cluster.with(GatewayKinds.HTTP_ROUTES, routes)));
        assertThat(after.remove(7)).isEqualTo(HttpRule.NOT_FOUND);
        after.forEach(
                (number, rule) -> assertThat(rule).isSameAs(before.get(number)).isNotEqualTo(HttpRule.NOT_FOUND));
    }

    /** A status that is written changes nothing of what is served, not even the tables. */
    @Test
    void who_writes_a_status_changes_no_table() throws Exception {
        Cluster cluster = many();
        GatewayCompiler compiler = new GatewayCompiler(GatewayWorld.NAMESPACE);
        Part before = compiler.compile(cluster);
        HttpRoute route =
                cluster.get(GatewayKinds.HTTP_ROUTES, new ObjectKey("a", "r7")).orElseThrow();
        Meta meta = route.meta();
        Part after = compiler.compile(withRoute(
                cluster,
                new HttpRoute(
                        route.kind(),
                        new Meta(meta.key(), meta.uid(), "later", meta.generation(), meta.created()),
                        route.parents(),
                        route.hostnames(),
                        route.rules(),
                        Map.of("parents", List.of()))));
        assertThat(after.ports()).isEqualTo(before.ports());
        assertThat(after.upstreams()).isSameAs(before.upstreams());
        assertThat(after.statuses())
                .filteredOn(status -> status instanceof GatewayStatus of
                        && of.meta().resourceVersion().equals("later"))
                .hasSize(1);
    }

    @Test
    void a_cluster_that_is_the_same_gives_the_same_part() throws Exception {
        Cluster cluster = many();
        GatewayCompiler compiler = new GatewayCompiler(GatewayWorld.NAMESPACE);
        Part first = compiler.compile(cluster);
        assertThat(compiler.compile(
                        cluster.with(Kinds.ENDPOINT_SLICES, Map.of()).withAddresses(Map.of())))
                .isSameAs(first);
    }
}
