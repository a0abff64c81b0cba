package dev.weft.e2e.cli;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab kubectl}. */
@Command(
        name = "kubectl",
        description = "Runs the lab's kubectl: lab kubectl [--name LAB] get nodes",
        mixinStandardHelpOptions = false)
final class KubectlCommand implements Callable<Integer> {
    @Mixin
    private LabOptions options = new LabOptions();

    @Parameters(arity = "0..*", description = "kubectl's own arguments")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        try (Lab lab = options.open()) {
            List<String> command = new ArrayList<>();
            command.add(new ProgramCache(options.cache(), options.progress())
                    .program(GoModule.KUBERNETES, "kubectl")
                    .toString());
            command.addAll(arguments);
            return Commands.attached(
                    command, Map.of("KUBECONFIG", lab.paths().kubeconfig().toString()));
        }
    }
}
