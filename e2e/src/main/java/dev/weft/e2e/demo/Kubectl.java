package dev.weft.e2e.demo;

import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.process.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The lab's kubectl: the demo does what its readers can do by hand.
 *
 * @param program where it is
 * @param kubeconfig of the lab, for programs of the host
 */
record Kubectl(Path program, Path kubeconfig) {
    /**
     * Runs it to its end.
     *
     * @return what it printed
     * @throws CommandFailedException if it ends with a status other than 0
     */
    String run(String... arguments) {
        return Commands.run(command(arguments), environment(), "");
    }

    /** Like {@link #run}, but what went wrong is returned: for diagnoses, where one failed question is no reason to stop. */
    String show(String... arguments) {
        try {
            return run(arguments);
        } catch (CommandFailedException e) {
            return e.getMessage() + "\n";
        }
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Map<String, String> environment() {
        return Map.of("KUBECONFIG", kubeconfig.toString());
    }
}
