package dev.weft.e2e.weft;

import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.process.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The lab's kubectl, for what readers should be able to do by hand.
 *
 * @param program where it is
 * @param kubeconfig of the lab, for programs of the host
 */
public record Kubectl(Path program, Path kubeconfig) {
    /**
     * Runs it to its end.
     *
     * @return what it printed
     * @throws CommandFailedException if it ends with a status other than 0
     */
    public String run(String... arguments) {
        return Commands.run(command(arguments), environment(), "");
    }

    /** Applies manifests as a user does; like {@link #run} in all else. */
    public String apply(String manifests) {
        return Commands.run(command("apply", "--filename", "-"), environment(), manifests);
    }

    /** Like {@link #run}, but what went wrong is returned: for diagnoses, where one failed question is no reason to stop. */
    public String show(String... arguments) {
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
