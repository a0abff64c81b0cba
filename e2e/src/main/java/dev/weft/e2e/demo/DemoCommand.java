package dev.weft.e2e.demo;

import dev.weft.e2e.Labs;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import dev.weft.e2e.weft.Diagnosis;
import dev.weft.e2e.weft.Kubectl;
import dev.weft.e2e.weft.Release;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lab demo}. */
@Command(
        name = "demo",
        description = "A fresh cluster with Weft as its pod network, and two pods that talk.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Option(names = "--name", description = "the lab's name (default: ${DEFAULT-VALUE})", defaultValue = "demo")
    private String name = "demo";

    @Option(names = "--nodes", description = "how many nodes (default: ${DEFAULT-VALUE})", defaultValue = "2")
    private int nodes = 2;

    @Option(names = "--release", description = "the images' tag", required = true)
    private String release = "";

    @Option(names = "--root", description = "top folder of the repository (default: here)", defaultValue = ".")
    private Path root = Path.of(".");

    private final CacheRoot cache = CacheRoot.of(System.getenv());
    private final PrintStream out = System.out;
    private final Progress progress = Progress.printing(out);

    @Override
    public Integer call() {
        LabName labName = new LabName(name);
        Release files;
        try {
            files = Release.in(root.toAbsolutePath().normalize(), release);
        } catch (LabException e) {
            out.println("The demo cannot start: " + e.getMessage());
            return 1;
        }
        if (Lab.exists(labName, cache)) {
            progress.step("removing the lab '" + name + "' of an earlier run");
        }
        Lab.down(labName, cache, progress);
        progress.step("making a Kubernetes " + GoModule.KUBERNETES_VERSION + " cluster of " + nodes
                + " nodes without a pod network, kube-proxy or DNS server");
        try (Lab lab = new Labs(cache, progress).up(new LabSpec(labName, nodes, Set.of(), files.archives()))) {
            Kubectl kubectl = new Kubectl(
                    new ProgramCache(cache, progress).program(GoModule.KUBERNETES, "kubectl"),
                    lab.paths().kubeconfig());
            return run(lab, kubectl, files);
        }
    }

    private int run(Lab lab, Kubectl kubectl, Release files) {
        Demo demo = new Demo(lab, kubectl, progress);
        try {
            demo.install(files);
            demo.awaitReady();
            demo.startPods();
            demo.talk();
            demo.talkByName();
            demo.askThroughIngress();
            demo.awaitProbes();
        } catch (DemoFailedException e) {
            new Diagnosis(kubectl, out).print(lab);
            out.println("The demo failed: " + e.getMessage());
            printHowToGoOn(kubectl);
            return 1;
        }
        progress.step("done");
        out.println();
        out.println(demo.podTable());
        out.println(demo.clusterNetworkTable());
        printHowToGoOn(kubectl);
        return 0;
    }

    private void printHowToGoOn(Kubectl kubectl) {
        out.printf("""
                The cluster stays. To look around:
                  export KUBECONFIG=%s PATH=%s:$PATH
                  kubectl get cn default -o yaml            what Weft worked out, and what it sees
                  kubectl -n weft-system get pods -o wide   the operator and the node agents
                  e2e/lab exec --name %s node1 ip route      a node from the inside
                To remove it:
                  make lab-down LAB=%s
                """, kubectl.kubeconfig(), kubectl.program().getParent(), name, name);
    }
}
