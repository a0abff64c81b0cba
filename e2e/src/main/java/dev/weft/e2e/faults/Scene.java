package dev.weft.e2e.faults;

import dev.weft.e2e.Labs;
import dev.weft.e2e.bench.Netbench;
import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.lab.Wait;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import dev.weft.e2e.weft.Kubectl;
import dev.weft.e2e.weft.Release;
import dev.weft.e2e.weft.Weft;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A lab with Weft in it, and what faults are brought about and looked at with. There are no peers in it, so that what is
 * on a node is Weft's or was there before.
 */
public final class Scene implements AutoCloseable {
    /** Slow machines take long; nothing here is decided by time. */
    static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Lab lab;
    private final Labs labs;
    private final Release release;
    private final Weft weft;
    private final Kubectl kubectl;
    private final Netbench netbench;
    private final LabImages images;
    private final Pods pods;
    private final Progress progress;

    private Scene(Lab lab, Labs labs, Release release, ProgramCache programs, LabImages images, Progress progress) {
        this.lab = lab;
        this.labs = labs;
        this.release = release;
        this.weft = new Weft(lab);
        this.kubectl = new Kubectl(
                programs.program(GoModule.KUBERNETES, "kubectl"), lab.paths().kubeconfig());
        this.netbench = new Netbench(programs.program(GoModule.NETBENCH, "netbench"));
        this.images = images;
        this.pods = new Pods(lab);
        this.progress = progress;
    }

    /** Makes a lab, without Weft as yet. A lab of this name is taken down before. */
    public static Scene fresh(LabName name, int nodes, Release release, CacheRoot cache, Progress progress) {
        return fresh(name, nodes, release, Set.of(), cache, progress);
    }

    /** Makes a lab with peers in it, to compare with. */
    static Scene fresh(LabName name, int nodes, Release release, Set<Peer> peers, CacheRoot cache, Progress progress) {
        ProgramCache programs = new ProgramCache(cache, progress);
        programs.folder(GoModule.NETBENCH);
        Lab.down(name, cache, progress);
        Labs labs = new Labs(cache, progress);
        Lab lab = labs.up(new LabSpec(name, nodes, peers, release.archives()));
        return new Scene(lab, labs, release, programs, new LabImages(cache, programs), progress);
    }

    /** Installs operator and ClusterNetwork; returns the time until all is Ready. */
    Duration install() {
        installOperator();
        return timed(() -> {
            weft.apply("{}");
            weft.awaitReady(PATIENCE);
        });
    }

    void installOperator() {
        weft.installWithoutServices();
        weft.install(release);
    }

    /** Waits until something is so; returns the time that it took, as seen every 100 ms. */
    Duration await(String what, Callable<Boolean> condition) {
        return await(what, PATIENCE, condition);
    }

    Duration await(String what, Duration patience, Callable<Boolean> condition) {
        return timed(() -> Wait.until(what, patience, POLL, condition));
    }

    /** Waits for an Event with the reason whose message has the text; returns it. */
    String awaitEvent(String reason, String text) {
        await(
                "an Event " + reason + " about " + text,
                Duration.ofMinutes(1),
                () -> events(reason).stream().anyMatch(message -> message.contains(text)));
        return events(reason).stream()
                .filter(message -> message.contains(text))
                .findFirst()
                .orElseThrow();
    }

    static Duration timed(Runnable work) {
        Instant start = Instant.now();
        work.run();
        return Duration.between(start, Instant.now());
    }

    /** What all nodes look like now. */
    NodeSnapshots snapshots() {
        return NodeSnapshots.of(lab);
    }

    /** The messages of all Events with the reason. */
    List<String> events(String reason) {
        return lab.client().v1().events().inAnyNamespace().list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .map(event -> String.valueOf(event.getMessage()))
                .toList();
    }

    /** The message of a condition of the ClusterNetwork, with its status and reason before it. */
    String condition(String type) {
        return weft.resource()
                .flatMap(cn -> cn.getStatus().condition(type))
                .map(c -> c.status() + " " + c.reason() + ": " + c.message())
                .orElse("no condition " + type);
    }

    Lab lab() {
        return lab;
    }

    Labs labs() {
        return labs;
    }

    Release release() {
        return release;
    }

    Weft weft() {
        return weft;
    }

    Kubectl kubectl() {
        return kubectl;
    }

    Netbench netbench() {
        return netbench;
    }

    LabImages images() {
        return images;
    }

    Pods pods() {
        return pods;
    }

    List<Node> nodes() {
        return lab.nodes();
    }

    /** The node with this index, from 1. */
    Node node(int index) {
        return lab.node(new NodeName(index));
    }

    void step(String line) {
        progress.step(line);
    }

    @Override
    public void close() {
        lab.close();
    }
}
