package dev.weft.e2e.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How the changed route is brought from blue to green and back.
 *
 * @param arguments of {@code netbench changes}
 */
record Change(List<String> arguments) {
    Change {
        arguments = List.copyOf(arguments);
    }

    /** By lines for the shell, which end as soon as the proxy lets them. */
    static Change ofLines(UnaryOperator<String> colour) {
        return new Change(List.of("--forth", colour.apply("green"), "--back", colour.apply("blue")));
    }

    /** By merge patches of an object of an API server. */
    static Change ofPatches(Path kubeconfig, String object, UnaryOperator<String> colour) {
        return new Change(List.of(
                "--kubeconfig",
                kubeconfig.toString(),
                "--object",
                object,
                "--forth",
                colour.apply("green"),
                "--back",
                colour.apply("blue")));
    }
}
