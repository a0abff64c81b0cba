package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.RunningPod;
import dev.weft.e2e.process.Parallel;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Pods start under policies, and their only program tries from its first instruction to reach servers that it may and
 * servers that it may not, on its own node and another, while others try to reach it. A few pods start without policies
 * before, which shows that what is forbidden would get through otherwise.
 *
 * @param pods how many in all
 * @param control how many of those without policies
 */
record FirstPacket(int pods, int control) implements Fault {
    /** How long each pod tries. */
    private static final String SECONDS = "3";

    /** Between two connections to an address, and two datagrams: one machine has to stand what all pods send. */
    private static final String INTERVAL = "20ms";

    private static final String CROWD = "weft.dev/first";
    /** More of them starting at the same time is another fault's. */
    private static final int WAVE = 50;

    @Override
    public String title() {
        return "the first packet of " + pods + " pods";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        scene.lab().load(List.of(scene.images().netbench()));
        List<Background> servers = new ArrayList<>();
        List<String> open = Judged.doors(Judged.OPEN.serveOnEachNode(scene, servers));
        List<String> closed = Judged.doors(Judged.CLOSED.serveOnEachNode(scene, servers));
        List<RunningPod> others = Talk.onEachNode(scene, "others");
        scene.step("  " + control + " pods without policies");
        Seen without = start(scene, "without", control, open, closed, others);
        findings.expect(
                "without policies each pod reaches all servers",
                without.reached(closed) == control && without.reached(open) == control,
                without.reached(open) + " and " + without.reached(closed) + " of " + control);
        findings.expect(
                "without policies each pod is reached",
                without.answered().size() == control,
                without.answered().size() + " of " + control);
        findings.figure(
                "without policies: what got through to servers that will be closed", without.through(closed), "");

        Judged.apply(scene);
        scene.step("  " + pods + " pods with policies");
        Seen with = start(scene, "with", pods, open, closed, others);
        findings.figure("pods", with.doors().size(), "");
        findings.figure("connections and datagrams to closed servers", with.tried(closed), "");
        findings.figure("of these, got through", with.through(closed), "");
        findings.figure(
                "pods that answered others, who may not ask", with.answered().size(), "");
        for (double quantile : new double[] {0.5, 1}) {
            findings.figure(
                    "a pod's first packet to an open server that got through, after its first instruction, "
                            + (quantile == 1 ? "longest" : "median"),
                    with.first(open, quantile),
                    "ms");
        }
        findings.expect(
                "all pods have told what they saw",
                with.doors().size() == pods,
                with.doors().size() + " did");
        findings.expectNone("nothing that a policy forbids gets through", with.open(closed));
        findings.expectNone(
                "no pod is reached that a policy isolates",
                List.copyOf(with.answered().keySet()));
        findings.expect(
                "each pod reaches all servers that it may reach", with.reached(open) == pods, "" + with.reached(open));
        servers.forEach(Background::end);
        Judged.delete(scene);
        scene.pods().deleteAll();
    }

    /**
     * What a crowd saw.
     *
     * @param doors by the pod's name
     * @param answered how often each pod answered others, by its address; those that did not are not in it
     */
    private record Seen(Map<String, List<Door>> doors, Map<String, Integer> answered) {
        private List<Door> of(List<String> addresses) {
            return doors.values().stream()
                    .flatMap(List::stream)
                    .filter(door -> addresses.contains(door.to()))
                    .toList();
        }

        /** How many pods reached all of these. */
        long reached(List<String> addresses) {
            return doors.values().stream()
                    .filter(seen -> seen.stream()
                            .filter(door -> addresses.contains(door.to()))
                            .allMatch(door -> door.connected() > 0 && door.answered() > 0))
                    .count();
        }

        int tried(List<String> addresses) {
            return of(addresses).stream()
                    .mapToInt(door -> door.connections() + door.datagrams())
                    .sum();
        }

        int through(List<String> addresses) {
            return of(addresses).stream()
                    .mapToInt(door -> door.connected() + door.refused() + door.answered())
                    .sum();
        }

        double first(List<String> addresses, double quantile) {
            double[] sorted = of(addresses).stream()
                    .mapToDouble(Door::firstMillis)
                    .sorted()
                    .toArray();
            return sorted.length == 0 ? -1 : sorted[(int) (quantile * (sorted.length - 1))];
        }

        List<String> open(List<String> addresses) {
            List<String> open = new ArrayList<>();
            doors.forEach((pod, seen) -> seen.stream()
                    .filter(door -> addresses.contains(door.to()) && door.open())
                    .forEach(door -> open.add(pod + " to " + door.told())));
            return open;
        }
    }

    /** Runs pods, in waves, while the others send to all addresses that pods may get. */
    private Seen start(
            Scene scene, String name, int count, List<String> open, List<String> closed, List<RunningPod> others) {
        String ranges = String.join(
                ",",
                scene.nodes().stream()
                        .flatMap(node -> scene.lab().podCidrs(node.name()).stream())
                        .filter(cidr -> !cidr.contains(":"))
                        .toList());
        List<Background> sweeps = others.stream()
                .map(pod -> Background.start(
                        "sweep", pod.node(), scene.netbench().command("sweep", "--to", ranges, "--netns", pod.netns())))
                .toList();
        Map<String, List<Door>> doors = new TreeMap<>();
        List<String> addresses = new ArrayList<>();
        for (int first = 0; first < count; first += WAVE) {
            wave(
                    scene,
                    name,
                    first,
                    Math.min(first + WAVE, count),
                    String.join(",", open) + "," + String.join(",", closed));
            for (Pod pod : crowd(scene, name)) {
                if (!message(pod).isEmpty()
                        && !doors.containsKey(pod.getMetadata().getName())) {
                    addresses.add(pod.getStatus().getPodIP());
                    doors.put(pod.getMetadata().getName(), Door.read(message(pod)));
                }
            }
            scene.lab()
                    .client()
                    .pods()
                    .inNamespace(Pods.NAMESPACE)
                    .withLabel(CROWD)
                    .delete();
        }
        Map<String, Integer> answered = new TreeMap<>();
        for (Background sweep : sweeps) {
            JsonNode seen = sweep.stop().path("answered");
            // Servers answer as well.
            addresses.stream()
                    .filter(address -> seen.path(address).asInt() > 0)
                    .forEach(address ->
                            answered.merge(address, seen.path(address).asInt(), Integer::sum));
        }
        return new Seen(doors, answered);
    }

    private static void wave(Scene scene, String name, int first, int end, String to) {
        List<Node> nodes = scene.nodes();
        Parallel.run(IntStream.range(first, end)
                .mapToObj(i -> (Runnable) () -> {
                    NodeName node = nodes.get(i % nodes.size()).name();
                    List<String> command = List.of(
                            "knock",
                            "--to",
                            to,
                            "--seconds",
                            SECONDS,
                            "--interval",
                            INTERVAL,
                            "--listen",
                            ":" + Judged.PORT);
                    scene.pods()
                            .create(new PodBuilder(Judged.CLIENT.label(Pods.once(name + "-" + i, node, command)))
                                    .editMetadata()
                                    .addToLabels(CROWD, name)
                                    .endMetadata()
                                    .build());
                })
                .toList());
        scene.await("pods " + first + " to " + end + " to have ended", Duration.ofMinutes(5), () -> {
            List<Pod> crowd = crowd(scene, name);
            return crowd.stream()
                            .filter(pod ->
                                    Integer.parseInt(pod.getMetadata().getName().substring(name.length() + 1)) >= first)
                            .filter(pod -> !message(pod).isEmpty())
                            .count()
                    == end - first;
        });
    }

    private static List<Pod> crowd(Scene scene, String name) {
        return scene.lab()
                .client()
                .pods()
                .inNamespace(Pods.NAMESPACE)
                .withLabel(CROWD, name)
                .list()
                .getItems();
    }

    /** What the pod's program wrote, or nothing as long as it runs. */
    private static String message(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(status -> status.getState().getTerminated())
                .filter(Objects::nonNull)
                .map(ContainerStateTerminated::getMessage)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }
}
