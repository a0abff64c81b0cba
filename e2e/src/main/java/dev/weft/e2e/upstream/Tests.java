package dev.weft.e2e.upstream;

import dev.weft.e2e.images.UpstreamImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.ProgramCache;
import java.nio.file.Path;
import java.util.List;

/** Tests that others wrote, run unchanged. */
sealed interface Tests permits UpstreamRun, CyclonusRun, PolicyConformanceRun {
    /** Gets what they need before there is a lab. */
    void prepare(ProgramCache programs);

    /** What their pods run, as OCI archives. */
    List<Path> images(UpstreamImages images);

    /**
     * Runs them on a lab that is ready, telling of each as it ends.
     *
     * @throws dev.weft.e2e.lab.LabException if they could not begin
     */
    UpstreamResult run(Lab lab, ProgramCache programs, Progress progress);
}
