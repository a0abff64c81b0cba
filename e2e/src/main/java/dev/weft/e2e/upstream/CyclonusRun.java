package dev.weft.e2e.upstream;

import dev.weft.e2e.images.UpstreamImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of cyclonus: it generates policies, asks from each of nine pods for each port of all of them by its Service's
 * name, and compares with what its own model of the API says.
 *
 * @param include tags of the cases to run, with commas between them; empty for all
 * @param exclude tags of the cases to leave out; empty for none
 * @param output folder for the log
 */
record CyclonusRun(String include, String exclude, Path output) implements Tests {
    /** What cyclonus leaves out when it is not told: 112 of its 230 cases remain. */
    static final String USUALLY_LEFT_OUT = "multi-peer,upstream-e2e,example,end-port,namespaces-by-default-label";

    @Override
    public List<Path> images(UpstreamImages images) {
        return images.policyTests();
    }

    @Override
    public void prepare(ProgramCache programs) {
        programs.folder(GoModule.CYCLONUS);
    }

    @Override
    public UpstreamResult run(Lab lab, ProgramCache programs, Progress progress) {
        List<String> command = new ArrayList<>(List.of(
                programs.program(GoModule.CYCLONUS, "cyclonus").toString(),
                "generate",
                "--exclude=" + exclude,
                // A change has to be in force one second after it was written; cyclonus itself would wait for five.
                "--perturbation-wait-seconds=1",
                // So long a connection that is not answered is waited for.
                "--job-timeout-seconds=1",
                // The first start of nine pods with six containers each.
                "--pod-creation-timeout-seconds=300"));
        if (!include.isEmpty()) {
            command.add("--include=" + include);
        }
        CyclonusLines cases = new CyclonusLines(progress);
        new SuiteProgram(command, output.resolve("cyclonus.log")).run(lab, cases::accept);
        return cases.result();
    }
}
