package dev.weft.e2e.cli;

import dev.weft.e2e.bench.BenchCommand;
import dev.weft.e2e.demo.DemoCommand;
import dev.weft.e2e.faults.FaultsCommand;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.upstream.GatewayCommand;
import dev.weft.e2e.upstream.UpstreamCommand;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code e2e/lab}. */
@Command(
        name = "lab",
        description = "A real Kubernetes cluster on this machine, in namespaces. Needs root.",
        mixinStandardHelpOptions = true,
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            KubectlCommand.class,
            ExecCommand.class,
            LoadCommand.class,
            ApiServerCommands.Stop.class,
            ApiServerCommands.Start.class,
            NodeCommands.Add.class,
            NodeCommands.Remove.class,
            NodeCommands.Reboot.class,
            LogsCommand.class,
            KubeconfigCommand.class,
            DemoCommand.class,
            UpstreamCommand.class,
            GatewayCommand.class,
            BenchCommand.class,
            FaultsCommand.class,
            ProgramsCommand.class,
            ApiTestDirCommand.class
        })
public final class LabCommand {
    private static final Set<String> FOREIGN_ARGUMENTS = Set.of("kubectl", "exec");

    private LabCommand() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new LabCommand()).setExecutionExceptionHandler((e, command, result) -> {
            switch (e) {
                case LabException _, CommandFailedException _, IllegalArgumentException _ ->
                    command.getErr().println("lab: " + e.getMessage());
                default -> e.printStackTrace(command.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        // What follows their first argument is not ours to understand.
        line.getSubcommands().forEach((name, command) -> {
            boolean foreign = FOREIGN_ARGUMENTS.contains(name);
            command.setStopAtPositional(foreign).setUnmatchedOptionsArePositionalParams(foreign);
        });
        line.setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(line.execute(args));
    }
}
