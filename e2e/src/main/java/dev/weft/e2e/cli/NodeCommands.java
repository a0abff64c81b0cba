package dev.weft.e2e.cli;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.NodeName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Adding, removing and rebooting nodes. */
final class NodeCommands {
    private NodeCommands() {}

    /** {@code lab add-node}. */
    @Command(name = "add-node", description = "Adds a node to a lab.", mixinStandardHelpOptions = true)
    static final class Add implements Runnable {
        @Mixin
        private LabOptions options = new LabOptions();

        @Parameters(description = "its name, such as node3")
        private String node = "";

        @Override
        public void run() {
            try (Lab lab = options.open()) {
                options.labs().addNode(lab, NodeName.parse(node));
            }
        }
    }

    /** {@code lab remove-node}. */
    @Command(
            name = "remove-node",
            description = "Ends a node at once and removes it from the cluster, with its disk.",
            mixinStandardHelpOptions = true)
    static final class Remove implements Runnable {
        @Mixin
        private LabOptions options = new LabOptions();

        @Parameters(description = "its name, such as node3")
        private String node = "";

        @Override
        public void run() {
            try (Lab lab = options.open()) {
                lab.removeNode(NodeName.parse(node));
            }
        }
    }

    /** {@code lab reboot-node}. */
    @Command(
            name = "reboot-node",
            description = "Ends a node at once and starts it again with the same disk.",
            mixinStandardHelpOptions = true)
    static final class Reboot implements Runnable {
        @Mixin
        private LabOptions options = new LabOptions();

        @Parameters(description = "its name, such as node3")
        private String node = "";

        @Override
        public void run() {
            try (Lab lab = options.open()) {
                options.labs().reboot(lab, NodeName.parse(node));
            }
        }
    }
}
