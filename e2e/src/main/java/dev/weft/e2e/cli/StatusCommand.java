package dev.weft.e2e.cli;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Node;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lab status}. */
@Command(name = "status", description = "Shows whether a lab's parts run.", mixinStandardHelpOptions = true)
final class StatusCommand implements Runnable {
    @Mixin
    private LabOptions options = new LabOptions();

    @Override
    public void run() {
        try (Lab lab = options.open()) {
            List<String> missing = lab.missingControlPlanePrograms();
            System.out.println("control plane: " + (missing.isEmpty() ? "up" : "down: " + String.join(", ", missing)));
            for (Node node : lab.nodes()) {
                System.out.printf(
                        "%s (%s, %s): %s%n",
                        node.name(), node.name().ipv4(), node.name().ipv6(), node.isUp() ? "up" : "down");
            }
            System.out.println("logs: " + lab.paths().logs());
            System.out.println("kubeconfig: " + lab.paths().kubeconfig());
        }
    }
}
