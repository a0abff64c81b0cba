package dev.weft.e2e.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs programs: to their end, or in the background with their output in a file. */
public final class Commands {
    private static final int SHOWN_OUTPUT = 4000;

    private Commands() {}

    /**
     * Runs a program to its end.
     *
     * @return what it printed, standard error included
     * @throws CommandFailedException if it ends with a code other than 0
     */
    public static String run(String... command) {
        return run(List.of(command));
    }

    /** Like {@link #run(String...)}. */
    public static String run(List<String> command) {
        return run(command, Map.of(), "");
    }

    /** Like {@link #run(String...)}, with additional environment variables and text for the standard input. */
    public static String run(List<String> command, Map<String, String> environment, String input) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            // The inputs of the lab's programs fit into a pipe, so writing before reading cannot block.
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = readAll(process.getInputStream());
            int code = await(process);
            if (code != 0) {
                throw new CommandFailedException(command, code, tail(output));
            }
            return output;
        } catch (IOException e) {
            throw new CommandFailedException(command, -1, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Runs a program in the foreground, with this process's own input and output.
     *
     * @return its exit code
     */
    public static int attached(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        try {
            return await(builder.start());
        } catch (IOException e) {
            throw new CommandFailedException(command, -1, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Starts a program that outlives this process, in a session of its own so that Ctrl-C in a terminal misses it.
     *
     * @param log takes its output, appended
     */
    public static Process background(List<String> command, Path log) {
        List<String> inSession = new ArrayList<>(List.of("setsid"));
        inSession.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(inSession)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new CommandFailedException(inSession, -1, String.valueOf(e.getMessage()));
        }
    }

    private static String readAll(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static String tail(String output) {
        return output.length() <= SHOWN_OUTPUT ? output : output.substring(output.length() - SHOWN_OUTPUT);
    }
}
