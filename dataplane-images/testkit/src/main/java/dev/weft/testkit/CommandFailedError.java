package dev.weft.testkit;

import java.util.List;

/** A command of a test ended with another exit code than 0. */
public final class CommandFailedError extends AssertionError {
    private final int exitCode;

    CommandFailedError(List<String> command, int exitCode, String output) {
        super(String.join(" ", command) + " ended with " + exitCode + ": " + output.strip());
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
