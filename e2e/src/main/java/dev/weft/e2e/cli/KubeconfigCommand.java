package dev.weft.e2e.cli;

import dev.weft.e2e.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lab kubeconfig}. */
@Command(
        name = "kubeconfig",
        description = "Prints the path of a lab's kubeconfig for programs on the host.",
        mixinStandardHelpOptions = true)
final class KubeconfigCommand implements Runnable {
    @Mixin
    private LabOptions options = new LabOptions();

    @Override
    public void run() {
        try (Lab lab = options.open()) {
            System.out.println(lab.paths().kubeconfig());
        }
    }
}
