package dev.weft.e2e.process;

import java.util.List;

/** A program could not be started, or ended with a code other than 0. */
public final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * @param command what was run
     * @param exitCode the program's exit code, or -1 if it never ran
     * @param output the end of what it printed
     */
    public CommandFailedException(List<String> command, int exitCode, String output) {
        super("'%s' failed with code %d: %s".formatted(String.join(" ", command), exitCode, output.strip()));
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
