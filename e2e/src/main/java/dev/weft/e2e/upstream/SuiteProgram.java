package dev.weft.e2e.upstream;

import dev.weft.e2e.lab.Lab;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A program with tests in it, which runs in the control plane's network with all rights in the cluster.
 *
 * @param command the program and its arguments
 * @param log takes all that it prints; its folder is made
 */
record SuiteProgram(List<String> command, Path log) {
    SuiteProgram {
        command = List.copyOf(command);
    }

    /**
     * Runs it to its end.
     *
     * @param lines gets all that it prints, at once
     * @return its exit code
     */
    int run(Lab lab, Consumer<String> lines) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder =
                    new ProcessBuilder(lab.controlPlaneNetns().enter(command)).redirectErrorStream(true);
            builder.environment().put("KUBECONFIG", kubeconfig(lab));
            Process process = builder.start();
            // The log is flushed line by line, for who looks on.
            try (BufferedReader output = process.inputReader();
                    // Flushed line by line, for who looks on.
                    PrintWriter copy = new PrintWriter(Files.newBufferedWriter(log), true)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    copy.println(line);
                    lines.accept(line);
                }
            }
            return process.onExit().join().exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        }
    }

    static String kubeconfig(Lab lab) {
        return lab.paths().kubeconfig("admin").toString();
    }
}
