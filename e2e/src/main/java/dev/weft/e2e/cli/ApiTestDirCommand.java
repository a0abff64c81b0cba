package dev.weft.e2e.cli;

import dev.weft.e2e.programs.ApiTestDir;
import dev.weft.e2e.programs.ProgramCache;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lab api-test-dir}. */
@Command(
        name = "api-test-dir",
        description = "Prints a folder for KUBE_API_TEST_DIR: what tests against a real API server start it from.",
        mixinStandardHelpOptions = true)
final class ApiTestDirCommand implements Runnable {
    @Mixin
    private LabOptions options = new LabOptions();

    @Override
    public void run() {
        ProgramCache programs = new ProgramCache(options.cache(), options.progress());
        System.out.println(ApiTestDir.make(options.cache(), programs));
    }
}
