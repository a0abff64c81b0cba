package dev.weft.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.RunningPod;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.weft.Diagnosis;
import dev.weft.e2e.weft.Release;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Weft's life on a real cluster, from installation to removal, with the faults that take little time; {@code make faults}
 * has the others. Nothing is asserted about time.
 */
class WeftIT {
    private static final LabName NAME = new LabName("it-weft");
    private static final int HOST_PORT = 18080;

    private final CacheRoot cache = CacheRoot.of(System.getenv());
    private final Progress progress = Progress.printing(System.out);

    // One test, since a lab takes time to make and its states follow on each other.
    @Test
    void installsCarriesTrafficRepairsUpgradesAndGoesWithoutATrace() {
        Release release = Release.in(Path.of("..").toAbsolutePath().normalize(), System.getProperty("weft.release"));
        try (Scene scene = Scene.fresh(NAME, 2, release, cache, progress)) {
            explained(scene, () -> live(scene));
        } finally {
            Lab.down(NAME, cache, progress);
        }
    }

    private void live(Scene scene) {
        NodeSnapshots before = scene.snapshots();
        scene.installOperator();
        Findings refused = new Findings();
        WrongSpecs.overlapWithServices(scene, refused);
        assertThat(refused.failures()).isEmpty();

        progress.step("ClusterNetwork");
        scene.install();
        pods(scene);
        scene.weft().apply("{ingress: {}}");
        scene.weft().awaitReady(Scene.PATIENCE);
        assertThat(Monitoring.unknownNames(scene, Path.of("../bundle/src/main/monitoring")))
                .as("metrics of alerts and dashboard that no process has")
                .isEmpty();
        hold(scene, new IngressKept(50));
        hold(scene, new WrongSpecs());
        hold(scene, new Quiet(Duration.ofSeconds(60)));
        hold(scene, new Drift());
        hold(scene, new Upgrade("99.0.0", false));

        progress.step("removing");
        Uninstall.remove(scene);
        assertThat(scene.snapshots().changesSince(before)).isEmpty();
    }

    /** Prints what somebody would ask first if it fails, while the cluster still stands. */
    private static void explained(Scene scene, Runnable life) {
        try {
            life.run();
        } catch (RuntimeException | AssertionError e) {
            new Diagnosis(scene.kubectl(), System.out).print(scene.lab());
            throw e;
        }
    }

    private static void pods(Scene scene) {
        Findings findings = new Findings();
        List<RunningPod> pods = Talk.onEachNode(scene, "talk");
        Talk.all(scene, findings, pods);
        assertThat(pods).allSatisfy(pod -> assertThat(pod.addresses()).hasSize(2));
        assertThat(findings.failures()).isEmpty();

        NodeName first = scene.node(1).name();
        scene.pods().start("port", first, HOST_PORT);
        RunningPod other = pods.getLast();
        for (String address : List.of(first.ipv4(), first.ipv6())) {
            scene.await("hostPort at " + address, () -> other.reaches(address, HOST_PORT));
        }
        dns(scene, other);
        scene.pods().deleteAll();
    }

    /** Through the Service, at the address that kubelets tell pods. */
    private static void dns(Scene scene, RunningPod pod) {
        scene.await(
                "DNS to answer",
                () -> resolved(scene, pod, "kubernetes.default.svc.cluster.local")
                                .path("answered")
                                .asInt()
                        > 0);
        assertThat(resolved(scene, pod, "nothing.default.svc.cluster.local")
                        .path("lastWrong")
                        .asText())
                .as("NXDOMAIN")
                .isEqualTo("rcode 3");
    }

    private static JsonNode resolved(Scene scene, RunningPod pod, String name) {
        Background queries = Background.start(
                "resolve",
                pod.node(),
                scene.netbench().command("resolve", "--to", "10.96.0.10:53", "--netns", pod.netns(), "--name", name));
        ApiServerAway.rest(Duration.ofSeconds(1));
        return queries.stop();
    }

    private void hold(Scene scene, Fault fault) {
        progress.step(fault.title());
        Findings findings = new Findings();
        Summary summary = new Summary(Path.of("target/faults"));
        summary.add(fault.title(), findings);
        fault.run(scene, findings);
        System.out.print(summary.table(fault.title()));
        assertThat(findings.failures()).as(fault.title()).isEmpty();
    }
}
