package dev.weft.e2e.cli;

import dev.weft.e2e.lab.Lab;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab load}. */
@Command(name = "load", description = "Imports OCI archives into all nodes.", mixinStandardHelpOptions = true)
final class LoadCommand implements Runnable {
    @Mixin
    private LabOptions options = new LabOptions();

    @Parameters(arity = "1..*", description = "OCI archives")
    private List<Path> archives = List.of();

    @Override
    public void run() {
        try (Lab lab = options.open()) {
            lab.load(archives);
            options.progress().step("all nodes have " + archives);
        }
    }
}
