package dev.weft.bundle.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs the programs that the build needs: jlink, java, go. */
final class Programs {
    private Programs() {}

    /**
     * Runs a program to its end.
     *
     * @return what it printed, both streams
     * @throws ImageBuildException if it cannot be started or ends with another status than 0, with its output
     */
    static String run(Path directory, Map<String, String> environment, List<String> command)
            throws ImageBuildException, InterruptedException {
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            String output;
            try (var stream = process.getInputStream()) {
                output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new ImageBuildException(
                        String.join(" ", command) + " ended with status " + status + ":\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new ImageBuildException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        }
    }
}
