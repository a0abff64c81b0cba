package dev.weft.e2e;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.Condition;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Wait;
import dev.weft.e2e.process.Progress;
import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Puts Weft into a lab that has its images. */
public final class WeftInstallation {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Lab lab;
    private final Progress progress;

    public WeftInstallation(Lab lab, Progress progress) {
        this.lab = lab;
        this.progress = progress;
    }

    /**
     * Applies a release and the ClusterNetwork that comes with it, and waits until the nodes are ready.
     *
     * @throws LabException if they do not become ready within two minutes
     */
    public void install(WeftRelease release) {
        progress.step("installing Weft");
        apply(release.install());
        // The API server knows the new kind a moment after its definition.
        await("the ClusterNetwork to be accepted", () -> {
            apply(release.clusterNetwork());
            return true;
        });
        awaitReady();
    }

    /** Waits until the ClusterNetwork and all nodes are ready. */
    public void awaitReady() {
        await(
                "the ClusterNetwork to be Ready",
                () -> clusterNetwork()
                        .flatMap(cn -> cn.getStatus().condition("Ready"))
                        .map(Condition::met)
                        .orElse(false));
        await(
                "the nodes to be Ready",
                () -> lab.client().nodes().list().getItems().stream().allMatch(WeftInstallation::isReady));
    }

    /** The cluster's ClusterNetwork. */
    public Optional<ClusterNetwork> clusterNetwork() {
        return Optional.ofNullable(lab.client()
                .resources(ClusterNetwork.class)
                .withName(ClusterNetwork.NAME)
                .get());
    }

    private static boolean isReady(Node node) {
        return node.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private void apply(Path manifest) {
        try (InputStream yaml = Files.newInputStream(manifest)) {
            lab.client().load(yaml).fieldManager("weft-lab").forceConflicts().serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + manifest, e);
        }
    }

    private static void await(String what, Callable<Boolean> condition) {
        Wait.until(what, PATIENCE, Duration.ofMillis(200), condition);
    }
}
