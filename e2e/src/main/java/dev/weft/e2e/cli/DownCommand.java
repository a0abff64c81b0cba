package dev.weft.e2e.cli;

import dev.weft.e2e.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lab down}. */
@Command(
        name = "down",
        description = "Removes a lab, however far it came; its logs stay.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Runnable {
    @Mixin
    private LabOptions options = new LabOptions();

    @Override
    public void run() {
        Lab.down(options.name(), options.cache(), options.progress());
    }
}
