package dev.weft.e2e.cli;

import dev.weft.e2e.lab.LabPaths;
import dev.weft.e2e.process.Commands;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab logs}. */
@Command(
        name = "logs",
        description = "Shows a program's log, also of a lab that is gone; without a name, lists them.",
        mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {
    @Mixin
    private LabOptions options = new LabOptions();

    @Parameters(arity = "0..1", description = "such as kube-apiserver, node1-kubelet, node1-containerd, audit")
    private String program = "";

    @Override
    public Integer call() {
        LabPaths paths = LabPaths.of(options.cache(), options.name());
        return Commands.attached(
                program.isEmpty()
                        ? List.of("ls", "-l", paths.logs().toString())
                        : List.of("cat", paths.log(program).toString()),
                Map.of());
    }
}
