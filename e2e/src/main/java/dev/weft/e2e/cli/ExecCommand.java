package dev.weft.e2e.cli;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.process.Commands;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab exec}. */
@Command(
        name = "exec",
        description = "Runs a command inside a node, or in the control plane's network: lab exec node1 -- ip route",
        mixinStandardHelpOptions = true)
final class ExecCommand implements Callable<Integer> {
    private static final String CONTROL_PLANE = "control-plane";

    @Mixin
    private LabOptions options = new LabOptions();

    @Parameters(index = "0", description = "a node's name, or " + CONTROL_PLANE)
    private String where = CONTROL_PLANE;

    @Parameters(index = "1..*", arity = "1..*", description = "the command")
    private List<String> command = List.of();

    @Override
    public Integer call() {
        try (Lab lab = options.open()) {
            List<String> entered = where.equals(CONTROL_PLANE)
                    ? lab.controlPlaneNetns().enter(command)
                    : lab.node(NodeName.parse(where)).enter(command);
            return Commands.attached(
                    entered,
                    Map.of("KUBECONFIG", lab.paths().kubeconfig("admin").toString()));
        }
    }
}
