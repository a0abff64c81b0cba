package dev.weft.e2e.upstream;

import dev.weft.e2e.images.UpstreamImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One run of {@code e2e.test} through ginkgo, which runs tests in parallel and those marked Serial after the others.
 *
 * @param focus regular expression of the tests to run
 * @param skip regular expression of the tests to leave out, empty for none
 * @param procs how many tests at the same time
 * @param output folder for the log and the JUnit report
 */
record UpstreamRun(String focus, String skip, int procs, Path output) implements Tests {
    private static final String REPORT = "junit.xml";

    UpstreamRun {
        if (focus.isEmpty()) {
            throw new IllegalArgumentException("no focus: all of Kubernetes' tests would run for days");
        }
        if (procs < 1) {
            throw new IllegalArgumentException("tests run at least one at a time, not " + procs);
        }
    }

    @Override
    public List<Path> images(UpstreamImages images) {
        return images.archives();
    }

    @Override
    public void prepare(ProgramCache programs) {
        programs.folder(GoModule.E2ETEST);
    }

    /**
     * Runs the tests on a lab that is ready, telling of each test as it ends.
     *
     * @throws LabException if they ended without a report, for example because the focus is no regular expression
     */
    @Override
    public UpstreamResult run(Lab lab, ProgramCache programs, Progress progress) {
        Path log = output.resolve("e2e.log");
        try {
            Files.deleteIfExists(output.resolve(REPORT));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the report of an earlier run", e);
        }
        new SuiteProgram(command(lab, programs), log).run(lab, new SpecLines(progress)::accept);
        if (!Files.exists(output.resolve(REPORT))) {
            throw new LabException("the tests ended without a report; see " + log);
        }
        return UpstreamResult.read(output.resolve(REPORT), Pattern.compile(focus));
    }

    /** A run without some of these tests, by a regular expression. */
    UpstreamRun without(String pattern) {
        return new UpstreamRun(focus, skip.isEmpty() ? pattern : skip + "|" + pattern, procs, output);
    }

    /** A run of some of these tests, one at a time; their names are those of a report. */
    UpstreamRun alone(List<String> names) {
        String focus = names.stream().map(UpstreamRun::pattern).collect(Collectors.joining("|"));
        return new UpstreamRun(focus, skip, 1, output.resolve("alone"));
    }

    /** A regular expression of Go for a test; ginkgo looks for it in the suite's name and the test's; reports put the kind of node before its name and its labels after it. */
    static String pattern(String reported) {
        String name = reported.replaceFirst("^\\[It] ", "").replaceFirst(" \\[[^\\[]*]$", "");
        return name.replaceAll("([\\\\.+*?()|\\[\\]{}^$])", "\\\\$1") + "$";
    }

    private List<String> command(Lab lab, ProgramCache programs) {
        String kubeconfig = SuiteProgram.kubeconfig(lab);
        Path folder = programs.folder(GoModule.E2ETEST);
        List<String> command = new ArrayList<>(List.of(
                folder.resolve("ginkgo").toString(),
                "--procs=" + procs,
                "--focus=" + focus,
                "-v",
                "--no-color",
                "--silence-skips",
                "--timeout=6h",
                "--output-dir=" + output,
                "--junit-report=" + REPORT));
        if (!skip.isEmpty()) {
            command.add("--skip=" + skip);
        }
        command.addAll(List.of(
                folder.resolve("e2e.test").toString(),
                "--",
                "--kubeconfig=" + kubeconfig,
                "--provider=skeleton",
                // Tests that need two nodes give up without it.
                "--num-nodes=" + lab.nodes().size(),
                "--kubectl-path=" + programs.program(GoModule.KUBERNETES, "kubectl")));
        return command;
    }
}
