package dev.weft.e2e.cli;

import dev.weft.e2e.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stopping and starting the API server, to see what a cluster does without one. */
final class ApiServerCommands {
    private ApiServerCommands() {}

    /** {@code lab stop-apiserver}. */
    @Command(name = "stop-apiserver", description = "Ends the API server at once.", mixinStandardHelpOptions = true)
    static final class Stop implements Runnable {
        @Mixin
        private LabOptions options = new LabOptions();

        @Override
        public void run() {
            try (Lab lab = options.open()) {
                lab.stopApiServer();
            }
        }
    }

    /** {@code lab start-apiserver}. */
    @Command(
            name = "start-apiserver",
            description = "Starts the API server and waits until it answers.",
            mixinStandardHelpOptions = true)
    static final class Start implements Runnable {
        @Mixin
        private LabOptions options = new LabOptions();

        @Override
        public void run() {
            try (Lab lab = options.open()) {
                lab.startApiServer();
            }
        }
    }
}
