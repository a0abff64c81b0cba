package dev.weft.e2e.faults;

import dev.weft.e2e.process.Progress;
import dev.weft.e2e.weft.Diagnosis;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Brings faults about, one after the other; one that fails does not keep the others from being tried. */
final class FaultRun {
    private final Scene scene;
    private final Summary summary;
    private final Progress progress;

    FaultRun(Scene scene, Summary summary, Progress progress) {
        this.scene = scene;
        this.summary = summary;
        this.progress = progress;
    }

    /** @param faults by the name of their file of figures */
    void run(List<Map.Entry<String, List<Fault>>> faults) {
        for (Map.Entry<String, List<Fault>> named : faults) {
            for (Fault fault : named.getValue()) {
                run(fault);
            }
            summary.write(
                    named.getKey(), named.getValue().stream().map(Fault::title).toList());
        }
    }

    private void run(Fault fault) {
        Findings findings = new Findings();
        summary.add(fault.title(), findings);
        progress.step(fault.title());
        Duration time = Scene.timed(() -> {
            try {
                prepare(fault, findings);
                fault.run(scene, findings);
            } catch (RuntimeException e) {
                findings.failed("it came to an end early: " + e.getMessage());
                new Diagnosis(scene.kubectl(), System.out).print(scene.lab());
            }
        });
        findings.figure("all of it", (double) time.toSeconds(), "s");
        System.out.print(summary.table(fault.title()));
    }

    private void prepare(Fault fault, Findings findings) {
        if (fault instanceof Uninstall) {
            return;
        }
        if (!scene.weft().known()) {
            scene.installOperator();
            WrongSpecs.overlapWithServices(scene, findings);
        }
        if (scene.weft().resource().isEmpty()) {
            findings.millis("ClusterNetwork to Ready", scene.install());
        }
    }
}
