package dev.weft.e2e.weft;

import dev.weft.e2e.lab.Lab;
import java.io.PrintStream;

/** What someone who has to find out why would ask first. */
public final class Diagnosis {
    private static final String NAMESPACE = "weft-system";

    private final Kubectl kubectl;
    private final PrintStream out;

    public Diagnosis(Kubectl kubectl, PrintStream out) {
        this.kubectl = kubectl;
        this.out = out;
    }

    public void print(Lab lab) {
        show("Nodes and pods", "get", "nodes,pods", "--all-namespaces", "--output=wide");
        show("ClusterNetwork", "get", "clusternetwork", "default", "--output=yaml");
        show("Events, latest last", "get", "events", "--all-namespaces", "--sort-by=.lastTimestamp");
        show(
                "Operator",
                "logs",
                "--namespace",
                NAMESPACE,
                "--selector=app.kubernetes.io/name=weft-operator",
                "--tail=60",
                "--prefix",
                "--all-containers");
        show(
                "Node agents",
                "logs",
                "--namespace",
                NAMESPACE,
                "--selector=app.kubernetes.io/name=weft-node",
                "--tail=40",
                "--prefix",
                "--all-containers");
        out.println("Logs of kubelets, containerd and the control plane: "
                + lab.paths().logs());
    }

    private void show(String title, String... question) {
        out.println("--- " + title + ": kubectl " + String.join(" ", question));
        out.println(kubectl.show(question).strip());
    }
}
