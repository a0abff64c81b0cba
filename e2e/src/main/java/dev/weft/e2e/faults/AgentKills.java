package dev.weft.e2e.faults;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.RunningPod;
import dev.weft.e2e.process.Parallel;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Agents are killed with signal 9 while pods start and end. Every pod comes up, no address belongs to two pods at any
 * time, and when all are gone nodes hold what they held before.
 *
 * @param pods how many in all
 * @param wave how many at the same time; a node has room for about 250
 * @param kills how many in all, spread over the nodes
 * @param seed of the moments of the kills
 */
record AgentKills(int pods, int wave, int kills, long seed) implements Fault {
    /** An agent lives for up to this long before it is killed again. */
    private static final int LIFE_MILLIS = 2000;

    private static final String CROWD = "weft.dev/crowd";

    @Override
    public String title() {
        return kills + " agents killed during " + pods + " pod starts";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        List<RunningPod> talkers = Talk.onEachNode(scene, "kills");
        NodeSnapshots before = scene.snapshots();
        AddressUse use = new AddressUse();
        AtomicInteger killed = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<Duration> restarts = Collections.synchronizedList(new ArrayList<>());
        int started = 0;
        Duration starting = Duration.ZERO;
        Duration ending = Duration.ZERO;
        try (SharedIndexInformer<?> watch =
                        scene.lab().client().pods().inNamespace(Pods.NAMESPACE).inform(use);
                NodeReadiness readiness = NodeReadiness.watch(scene.lab())) {
            Thread killer =
                    Thread.ofPlatform().name("killer").start(() -> killAll(scene, findings, killed, restarts, over));
            // Further pods start and end until all the kills are done.
            for (int round = 0; started < pods || (killed.get() < kills && killer.isAlive()); round++) {
                int size = started < pods ? Math.min(wave, pods - started) : Math.min(wave, 50);
                int current = round;
                scene.step("  wave " + (round + 1) + ": " + size + " pods; " + killed + " kills so far");
                starting = starting.plus(Scene.timed(() -> startWave(scene, use, current, size)));
                started += size;
                ending = ending.plus(Scene.timed(() -> endWave(scene)));
            }
            over.set(true);
            join(killer);
            findings.expect("pods are watched to the end", watch.isWatching(), "the watch ended");
            findings.expectNone("no address belongs to two pods at the same time", use.clashes());
            findings.expectNone("nodes stay Ready while their agents are killed", readiness.losses());
        }
        findings.figure("pods started", started, "");
        findings.figure("addresses seen", use.addresses(), "");
        findings.figure("kills", killed.get(), "");
        findings.figure(
                "pods Running per second while agents are killed", started * 1000.0 / starting.toMillis(), "1/s");
        findings.millis("longest time of a pod from its creation to Running", use.slowest());
        findings.millis("agent ready after a kill, median", quantile(restarts, 0.5));
        findings.millis("agent ready after a kill, longest", quantile(restarts, 1));
        findings.millis("all pods gone, in all waves", ending);
        noLeak(scene, findings, before);
        Talk.all(scene, findings, talkers);
        scene.pods().deleteAll();
    }

    private void killAll(
            Scene scene, Findings findings, AtomicInteger killed, List<Duration> restarts, AtomicBoolean over) {
        List<Node> nodes = scene.nodes();
        try {
            Parallel.run(nodes.stream()
                    .map(node -> (Runnable) () -> {
                        Random random = new Random(seed + node.name().index());
                        while (!over.get() && killed.incrementAndGet() <= kills) {
                            restarts.add(Agents.kill(node));
                            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(LIFE_MILLIS))
                                    .toNanos());
                        }
                        killed.decrementAndGet();
                    })
                    .toList());
        } catch (RuntimeException e) {
            findings.failed("an agent did not come back: " + e.getMessage());
        }
    }

    private void startWave(Scene scene, AddressUse use, int round, int size) {
        List<Node> nodes = scene.nodes();
        List<String> names = IntStream.range(0, size)
                .mapToObj(i -> "crowd-" + round + "-" + i)
                .toList();
        Parallel.run(IntStream.range(0, size)
                .mapToObj(i -> (Runnable) () -> {
                    NodeName node = nodes.get(i % nodes.size()).name();
                    // Each tenth has a host port, of which a node has one each.
                    int[] hostPorts = i % 10 == 0 ? new int[] {20_000 + i} : new int[0];
                    scene.pods()
                            .create(new PodBuilder(Pods.idle(names.get(i), node, hostPorts))
                                    .editMetadata()
                                    .addToLabels(CROWD, "true")
                                    .endMetadata()
                                    .build());
                })
                .toList());
        scene.await("all pods of the wave to run", () -> use.running(names));
    }

    private static void endWave(Scene scene) {
        scene.lab().client().pods().inNamespace(Pods.NAMESPACE).withLabel(CROWD).delete();
        scene.await(
                "all pods of the wave to be gone",
                () -> scene.lab()
                        .client()
                        .pods()
                        .inNamespace(Pods.NAMESPACE)
                        .withLabel(CROWD)
                        .list()
                        .getItems()
                        .isEmpty());
    }

    private static void noLeak(Scene scene, Findings findings, NodeSnapshots before) {
        // A released address rests a minute before its lease goes.
        scene.step("  waiting until nodes hold what they held before");
        try {
            Duration time = scene.await(
                    "the end of all leases and links", () -> left(scene, before).isEmpty());
            findings.millis("links, leases, routes and map elements as before, after the last pod", time);
        } catch (LabException e) {
            scene.step("  " + e.getMessage());
        }
        findings.expectNone("no lease, link, route or map element is left", left(scene, before));
    }

    private static List<String> left(Scene scene, NodeSnapshots before) {
        return scene.snapshots().changesSince(before, NodeSnapshot::ofPods);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration quantile(List<Duration> durations, double quantile) {
        List<Duration> sorted = durations.stream().sorted().toList();
        return sorted.isEmpty() ? Duration.ZERO : sorted.get((int) (quantile * (sorted.size() - 1)));
    }
}
