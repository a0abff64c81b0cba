package dev.weft.e2e.cli;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab up}. */
@Command(name = "up", description = "Makes a lab and prints how to use it.", mixinStandardHelpOptions = true)
final class UpCommand implements Runnable {
    private static final Duration CLEAN_UP = Duration.ofSeconds(60);

    @Mixin
    private LabOptions options = new LabOptions();

    @Option(names = "--nodes", description = "how many nodes (default: ${DEFAULT-VALUE})", defaultValue = "2")
    private int nodes = 2;

    @Option(
            names = "--peers",
            split = ",",
            description = "what to install beside Kubernetes: kube-proxy, coredns, and one of ptp, bridge")
    private List<String> peers = new ArrayList<>();

    @Option(names = "--load", split = ",", description = "OCI archives to import into every node")
    private List<Path> archives = new ArrayList<>();

    @Override
    public void run() {
        LabSpec spec = new LabSpec(
                options.name(),
                nodes,
                peers.stream().filter(p -> !p.isEmpty()).map(Peer::parse).collect(Collectors.toSet()),
                archives);
        if (!Lab.exists(spec.name(), options.cache())) {
            make(spec);
        }
        try (Lab lab = options.open()) {
            System.out.println("export KUBECONFIG=" + lab.paths().kubeconfig());
        }
    }

    /** An interrupted or failed start takes back what it made. */
    private void make(LabSpec spec) {
        // What stands there is not this command's to take back.
        Lab.requireAbsent(spec.name());
        CountDownLatch over = new CountDownLatch(1);
        Thread maker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (over.getCount() > 0) {
                maker.interrupt();
                awaitEnd(over);
            }
        }));
        try {
            options.labs().up(spec).close();
        } catch (RuntimeException e) {
            // Commands run by the clean-up would take the interruption for their own.
            Thread.interrupted();
            Lab.down(spec.name(), options.cache(), options.progress());
            throw e;
        } finally {
            over.countDown();
        }
    }

    private static void awaitEnd(CountDownLatch over) {
        try {
            if (!over.await(CLEAN_UP.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("lab: not cleaned up; run: lab down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
