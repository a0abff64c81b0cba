package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.RunningPod;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod asks for a Service's address through the DNS Service, 200 times a second, each time from a new socket and never
 * twice, while the servers behind it are rolled over, deleted, killed, told another configuration, rolled over to ones that
 * never get ready, and left without an API server. Where another server was there before, Weft takes its place first and
 * gives it back at the end.
 *
 * @param outage how long the API server is away
 */
record DnsKept(Duration outage) implements Fault {
    static final String NAMESPACE = "kube-system";
    static final String SERVERS = "weft-dns";
    private static final String SERVICE = "kube-dns";
    private static final Map<String, String> SELECTOR = Map.of("app.kubernetes.io/name", SERVERS);
    /** Before and after what is done, so that a gap shows. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    @Override
    public String title() {
        return "DNS queries while servers come and go";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        RunningPod client = scene.pods().start("dns-client", scene.node(1).name());
        boolean another = !leadsToWeft(scene);
        if (another) {
            during(scene, findings, client, "take-over", true, () -> {
                apply(scene, "ttlSeconds: 30");
                scene.await("the Service to lead to Weft", () -> leadsToWeft(scene));
            });
        }
        during(scene, findings, client, "rolling restart", true, () -> {
            apply(scene, "env: [{name: WEFT_ROUND, value: '1'}]");
            scene.await("all servers to be new ones", () -> rolledOver(scene));
        });
        during(scene, findings, client, "a pod deleted", true, () -> {
            String name = pods(scene).getFirst().getMetadata().getName();
            scene.lab().client().pods().inNamespace(NAMESPACE).withName(name).delete();
            awaitServers(scene, name);
        });
        during(scene, findings, client, "another configuration", true, () -> {
            apply(scene, "ttlSeconds: 7, env: [{name: WEFT_ROUND, value: '1'}]");
            scene.await("the servers to have it", Duration.ofMinutes(3), () -> ttl(scene, client) == 7);
        });
        during(scene, findings, client, "servers that never get ready", true, () -> {
            apply(scene, "ttlSeconds: 7, env: [{name: JDK_JAVA_OPTIONS, value: '-XX:NoSuchOption'}]");
            scene.await(
                    "the Event that says why those before go on",
                    Duration.ofMinutes(4),
                    () -> !scene.events("DnsRolledBack").isEmpty());
            awaitServers(scene, "");
        });
        apply(scene, "ttlSeconds: 7, env: [{name: WEFT_ROUND, value: '1'}]");
        scene.weft().awaitReady(Scene.PATIENCE);
        // The one that is asked dies with the questions that it has: as few as its node needs time to hear of it.
        during(scene, findings, client, "kill -9 of a server", false, () -> {
            kill(scene, pods(scene).getFirst());
            awaitServers(scene, "");
        });
        during(scene, findings, client, "API server away for " + outage.toSeconds() + " s", true, () -> {
            scene.lab().stopApiServer();
            try {
                ApiServerAway.rest(outage);
            } finally {
                scene.lab().startApiServer();
            }
            scene.weft().awaitReady(Scene.PATIENCE);
        });
        if (another) {
            during(scene, findings, client, "handed back", true, () -> {
                scene.weft().apply("{dns: {managementState: Removed}}");
                scene.await(
                        "the end of Weft's servers",
                        () -> !leadsToWeft(scene) && pods(scene).isEmpty());
            });
        }
        if (!another) {
            apply(scene, "ttlSeconds: 30");
        }
        scene.weft().awaitReady(Scene.PATIENCE);
        scene.pods().deleteAll();
    }

    private void during(
            Scene scene, Findings findings, RunningPod client, String what, boolean nothingLost, Runnable work) {
        scene.step("  " + what);
        Background queries = Background.start(
                "resolve",
                client.node(),
                scene.netbench().command("resolve", "--to", address(scene) + ":53", "--netns", client.netns()));
        ApiServerAway.rest(MARGIN);
        try {
            findings.millis(what + ": took", Scene.timed(work));
        } catch (LabException e) {
            findings.failed(what + ": " + e.getMessage());
        }
        ApiServerAway.rest(MARGIN);
        JsonNode seen = queries.stop();
        int asked = seen.path("asked").asInt();
        int failed = asked - seen.path("answered").asInt();
        findings.figure(what + ": failed of " + asked + " queries", failed, "");
        findings.figure(what + ": slowest answer", seen.path("maxMillis").asDouble(), "ms");
        findings.figure(what + ": longest gap", seen.path("longestGapMillis").asDouble(), "ms");
        if (nothingLost || seen.path("wrong").asInt() > 0) {
            findings.expect(what + ": no query fails", failed == 0, seen.toString());
        }
    }

    static List<Pod> pods(Scene scene) {
        return scene.lab()
                .client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabels(SELECTOR)
                .list()
                .getItems();
    }

    private static void awaitServers(Scene scene, String gone) {
        scene.await(
                "all servers to be ready",
                () -> deployment(scene)
                                .filter(d -> d.getSpec()
                                        .getReplicas()
                                        .equals(d.getStatus().getAvailableReplicas()))
                                .isPresent()
                        && pods(scene).stream()
                                .noneMatch(p -> p.getMetadata().getName().equals(gone)));
    }

    private static boolean rolledOver(Scene scene) {
        return deployment(scene)
                        .filter(d -> d.getMetadata()
                                        .getGeneration()
                                        .equals(d.getStatus().getObservedGeneration())
                                && d.getSpec()
                                        .getReplicas()
                                        .equals(d.getStatus().getUpdatedReplicas()))
                        .isPresent()
                && pods(scene).stream().allMatch(DnsKept::isNew);
    }

    private static boolean isNew(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getEnv().stream()
                .anyMatch(e -> e.getName().equals("WEFT_ROUND"));
    }

    private static Optional<Deployment> deployment(Scene scene) {
        return Optional.ofNullable(scene.lab()
                .client()
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(SERVERS)
                .get());
    }

    static Service service(Scene scene) {
        return scene.lab()
                .client()
                .services()
                .inNamespace(NAMESPACE)
                .withName(SERVICE)
                .require();
    }

    static String address(Scene scene) {
        return service(scene).getSpec().getClusterIP();
    }

    private static boolean leadsToWeft(Scene scene) {
        return SELECTOR.equals(service(scene).getSpec().getSelector());
    }

    private static void apply(Scene scene, String dns) {
        scene.weft().apply("{dns: {managementState: Managed, " + dns + "}}");
    }

    private static int ttl(Scene scene, RunningPod client) {
        return scene.netbench()
                .run(
                        client.node(),
                        "resolve",
                        "--to",
                        address(scene) + ":53",
                        "--netns",
                        client.netns(),
                        "--count",
                        "1")
                .path("ttl")
                .asInt();
    }

    static void kill(Scene scene, Pod pod) {
        scene.nodes().stream()
                .filter(n -> n.name().value().equals(pod.getSpec().getNodeName()))
                .findFirst()
                .orElseThrow()
                .exec("bash", "-c", "kill -9 $(pgrep -o -f '[@]/app/weft-dns')");
    }
}
