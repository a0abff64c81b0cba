package dev.weft.e2e.faults;

import dev.weft.api.ComponentStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The DNS servers move onto every node, are rolled over, deleted and killed there, and go back to a few for all nodes,
 * while a pod on each node asks. Whose servers answer is read from their own metrics.
 */
record DnsPlacement() implements Fault {
    private static final String NODE_LOCAL = "weft-dns-node";
    private static final int METRICS = 9153;
    private static final Pattern REQUESTS = Pattern.compile("(?m)^coredns_dns_requests_total\\{[^}]*} ([0-9.eE+]+)$");
    /** Queries of others than the clients: what the cluster itself looks up. */
    private static final int OTHERS = 20;

    @Override
    public String title() {
        return "DNS servers on each node and back";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        apply(scene, "Cluster", "");
        scene.await("servers for all nodes", () -> onlyForAll(scene));
        DnsQueries queries = DnsQueries.from(scene, findings, DnsKept.address(scene) + ":53");
        queries.during("to a server on each node", true, () -> {
            apply(scene, "NodeLocal", "");
            scene.await("a server on each node and no other", () -> onlyOnNodes(scene));
        });
        tellStatus(scene, findings);
        answeredAtHome(scene, findings, queries);
        queries.during("node-local: rolling restart", true, () -> {
            apply(scene, "NodeLocal", ", env: [{name: WEFT_ROUND, value: placement}]");
            scene.await("all servers to be new ones", () -> onlyOnNodes(scene) && allNew(scene));
        });
        queries.during("node-local: a pod deleted", true, () -> {
            Pod pod = DnsKept.pods(scene).getFirst();
            scene.lab().client().resource(pod).delete();
            scene.await("another in its place", () -> onlyOnNodes(scene) && !isThere(scene, pod));
        });
        // As with servers for all nodes, what is asked until the node hears of it is lost; here by one node alone.
        queries.during("node-local: kill -9 of a server", false, () -> {
            Pod pod = DnsKept.pods(scene).getFirst();
            int before = restarts(scene, pod);
            DnsKept.kill(scene, pod);
            scene.await("it to be back", () -> restarts(scene, pod) > before && onlyOnNodes(scene));
        });
        queries.during("back to servers for all nodes", true, () -> {
            apply(scene, "Cluster", "");
            scene.await("servers for all nodes and no other", () -> onlyForAll(scene));
        });
        scene.weft().awaitReady(Scene.PATIENCE);
        scene.pods().deleteAll();
    }

    /** Each node's queries are those that its own server has answered. */
    private static void answeredAtHome(Scene scene, Findings findings, DnsQueries queries) {
        Map<String, Long> before = requests(scene);
        Map<String, Integer> asked = queries.during("node-local", true, () -> {});
        Map<String, Long> after = requests(scene);
        asked.forEach((node, count) -> {
            long answered = after.getOrDefault(node, 0L) - before.getOrDefault(node, 0L);
            findings.figure(
                    "node-local, " + node + ": of " + count + " queries its server answered", (double) answered, "");
            findings.expect(
                    node + " is answered by its own server",
                    Math.abs(answered - count) <= OTHERS,
                    "asked " + asked + ", servers answered " + before + " before and " + after + " after");
        });
        scene.nodes()
                .forEach(node -> findings.figure(
                        "resident memory of the server on " + node.name().value(),
                        ProcessMemory.megabytes(node, "[@]/app/weft-dns"),
                        "MB"));
    }

    /** Questions that each node's servers have taken. */
    private static Map<String, Long> requests(Scene scene) {
        Map<String, Long> requests = new TreeMap<>();
        for (Pod pod : DnsKept.pods(scene)) {
            String text = scene.lab()
                    .client()
                    .raw("/api/v1/namespaces/%s/pods/%s:%d/proxy/metrics"
                            .formatted(DnsKept.NAMESPACE, pod.getMetadata().getName(), METRICS));
            long sum = REQUESTS.matcher(Objects.requireNonNullElse(text, ""))
                    .results()
                    .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
                    .sum();
            requests.merge(pod.getSpec().getNodeName(), sum, Long::sum);
        }
        return requests;
    }

    private static void tellStatus(Scene scene, Findings findings) {
        scene.weft().awaitReady(Scene.PATIENCE);
        Optional<ComponentStatus> dns = scene.weft().resource().stream()
                .flatMap(cn -> cn.status().components().stream())
                .filter(c -> c.name().equals("dns"))
                .findFirst();
        int nodes = scene.nodes().size();
        findings.expect(
                "the status counts a server on each node",
                dns.filter(c -> c.desired() == nodes && c.updated() == nodes && c.ready() == nodes)
                        .isPresent(),
                dns.toString());
        String effective = scene.kubectl()
                .run("get", "clusternetwork", "default", "--output=jsonpath={.status.effective.dns.placement}");
        findings.expect("the status says the placement", effective.equals("NodeLocal"), effective);
    }

    private static void apply(Scene scene, String placement, String more) {
        scene.weft().apply("{dns: {managementState: Managed, placement: " + placement + more + "}}");
    }

    private static boolean onlyOnNodes(Scene scene) {
        List<Pod> pods = DnsKept.pods(scene);
        return deployment(scene).isEmpty()
                && preference(scene).equals(Optional.of("PreferSameNode"))
                && pods.size() == scene.nodes().size()
                && pods.stream().allMatch(p -> ready(p) && ofDaemonSet(p))
                && pods.stream().map(p -> p.getSpec().getNodeName()).distinct().count() == pods.size();
    }

    private static boolean onlyForAll(Scene scene) {
        List<Pod> pods = DnsKept.pods(scene);
        return deployment(scene)
                        .filter(d -> d.getSpec().getReplicas() == pods.size())
                        .isPresent()
                && preference(scene).isEmpty()
                && pods.stream().allMatch(p -> ready(p) && !ofDaemonSet(p));
    }

    private static boolean ready(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && Readiness.getInstance().isReady(pod);
    }

    private static boolean ofDaemonSet(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(o -> o.getKind().equals("DaemonSet") && o.getName().equals(NODE_LOCAL));
    }

    private static boolean allNew(Scene scene) {
        return DnsKept.pods(scene).stream()
                .allMatch(p -> p.getSpec().getContainers().getFirst().getEnv().stream()
                        .anyMatch(e -> e.getName().equals("WEFT_ROUND")));
    }

    private static boolean isThere(Scene scene, Pod pod) {
        return DnsKept.pods(scene).stream()
                .map(p -> p.getMetadata().getName())
                .collect(Collectors.toSet())
                .contains(pod.getMetadata().getName());
    }

    private static int restarts(Scene scene, Pod pod) {
        return DnsKept.pods(scene).stream()
                .filter(p -> p.getMetadata().getName().equals(pod.getMetadata().getName()))
                .mapToInt(p -> p.getStatus().getContainerStatuses().getFirst().getRestartCount())
                .sum();
    }

    private static Optional<Deployment> deployment(Scene scene) {
        return Optional.ofNullable(scene.lab()
                .client()
                .apps()
                .deployments()
                .inNamespace(DnsKept.NAMESPACE)
                .withName(DnsKept.SERVERS)
                .get());
    }

    private static Optional<String> preference(Scene scene) {
        return Optional.ofNullable(DnsKept.service(scene).getSpec().getTrafficDistribution());
    }
}
