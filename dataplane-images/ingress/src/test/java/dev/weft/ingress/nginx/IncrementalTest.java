package dev.weft.ingress.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Ingress;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.match.TestRequest;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.kube.ObjectKey;
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
    private static final List<String> HOSTS = List.of("a.example", "b.example", "*.example", "");
    private static final List<String> ANNOTATIONS = List.of(
            "rewrite-target: /x",
            "use-regex: true",
            "ssl-redirect: false",
            "canary: true",
            "canary-weight: 30",
            "auth-type: basic",
            "auth-secret: s0",
            "auth-tls-secret: default/s1",
            "server-alias: alias.example",
            "app-root: /app",
            "from-to-www-redirect: true",
            "ssl-passthrough: true");

    @Test
    void what_was_kept_is_what_would_be_made() {
        Seeded.loop(150, random -> {
            IngressCompiler kept = Served.compiler();
            Cluster cluster = Cluster.EMPTY;
            for (int step = 0; step < 12; step++) {
                cluster = change(cluster, random);
                Part incremental = kept.compile(cluster);
                Part fresh = Served.compiler().compile(cluster);
                assertThat(incremental.notes()).containsExactlyInAnyOrderElementsOf(fresh.notes());
                assertThat(incremental.upstreams()).isEqualTo(fresh.upstreams());
                assertThat(incremental.references()).isEqualTo(fresh.references());
                assertThat(incremental.statuses()).isEqualTo(fresh.statuses());
                for (int port : List.of(Served.HTTP, Served.HTTPS)) {
                    same(listeners(incremental, port), listeners(fresh, port));
                }
            }
        });
    }

    private static List<Listener> listeners(Part part, int port) {
        return ((Port.Web) Objects.requireNonNull(part.ports().get(port))).listeners();
    }

    private static void same(List<Listener> one, List<Listener> other) {
        assertThat(one.stream()
                        .map(listener -> listener.host() + " " + listener.tls())
                        .toList())
                .containsExactlyInAnyOrderElementsOf(other.stream()
                        .map(listener -> listener.host() + " " + listener.tls())
                        .toList());
        for (String host : List.of("a.example", "b.example", "c.example", "alias.example", "www.a.example", "x")) {
            for (String path : List.of("/", "/a", "/a/b", "/other")) {
                TestRequest request = TestRequest.get(host + path);
                assertThat(rule(one, request)).isEqualTo(rule(other, request));
            }
        }
    }

    private static HttpRule rule(List<Listener> listeners, TestRequest request) {
        return ((Listener.Serving.Http) listeners.getFirst().serving()).router().route(request);
    }

    private static Cluster change(Cluster cluster, Random random) throws Exception {
        String name = "i" + random.nextInt(6);
        return switch (random.nextInt(6)) {
            case 0 -> without(cluster, Kinds.INGRESSES, name);
            case 1 -> toggle(cluster, Kinds.SERVICES, "w" + random.nextInt(2), Served.service("w" + random.nextInt(2)));
            case 2 ->
                toggle(
                        cluster,
                        Kinds.SECRETS,
                        "s" + random.nextInt(2),
                        "{kind: Secret, metadata: {name: s%d}, stringData: {auth: 'a:b%d'}}"
                                .formatted(random.nextInt(2), random.nextInt(3)));
            default -> with(cluster, Kinds.INGRESSES, ingress(name, random));
        };
    }

    private static String ingress(String name, Random random) {
        List<String> annotations = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String annotation = ANNOTATIONS.get(random.nextInt(ANNOTATIONS.size()));
            if (!annotations.contains(annotation)) {
                annotations.add(annotation);
            }
        }
        String path = List.of("Prefix /", "Prefix /a", "Exact /a", "ImplementationSpecific /a/b")
                .get(random.nextInt(4));
        String host = HOSTS.get(random.nextInt(HOSTS.size()));
        String text = Served.ingress(name, host, "w" + random.nextInt(2), annotations, path);
        return random.nextBoolean() ? text : text.replace("  rules:", "  tls: [{secretName: s0}]\n  rules:");
    }

    private static <T> Cluster with(Cluster cluster, Kind<T> kind, String yaml) throws Exception {
        Map<ObjectKey, T> objects = new HashMap<>(cluster.all(kind));
        objects.putAll(ObjectFiles.cluster(List.of(kind), yaml).all(kind));
        return cluster.with(kind, objects);
    }

    private static <T> Cluster without(Cluster cluster, Kind<T> kind, String name) {
        Map<ObjectKey, T> objects = new HashMap<>(cluster.all(kind));
        objects.remove(new ObjectKey("default", name));
        return cluster.with(kind, objects);
    }

    private static <T> Cluster toggle(Cluster cluster, Kind<T> kind, String name, String yaml) throws Exception {
        return cluster.get(kind, new ObjectKey("default", name)).isPresent()
                ? without(cluster, kind, name)
                : with(cluster, kind, yaml);
    }

    /** The rules of all others are the same instances. */
    @Test
    void a_change_among_many_leaves_all_others_as_they_were() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append(Served.ingress("i" + i, "h" + i + ".example", "w0", List.of(), "Prefix /"));
        }
        Cluster before = ObjectFiles.cluster(Kinds.ALL, text + Served.service("w0"));
        IngressCompiler compiler = Served.compiler();
        Part first = compiler.compile(before);
        Map<ObjectKey, Ingress> ingresses = new HashMap<>(before.all(Kinds.INGRESSES));
        ingresses.remove(new ObjectKey("default", "i7"));
        Part second = compiler.compile(before.with(Kinds.INGRESSES, ingresses));
        for (int i = 0; i < 500; i++) {
            TestRequest request = TestRequest.get("h" + i + ".example/");
            HttpRule now = rule(listeners(second, Served.HTTP), request);
            if (i == 7) {
                assertThat(now).isEqualTo(HttpRule.NOT_FOUND);
            } else {
                assertThat(now).isSameAs(rule(listeners(first, Served.HTTP), request));
            }
        }
    }
}
