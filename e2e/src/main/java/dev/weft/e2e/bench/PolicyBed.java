package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.RunningPod;
import dev.weft.e2e.lab.Wait;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What network policies are measured with, on two nodes: a client on the first, and on each of both a server that many
 * policies select, one that none selects, and one that a policy of the measurement comes to select.
 */
final class PolicyBed {
    /** Of a server, by its label {@code netbench}. */
    enum Role {
        /** Half of all policies select it; one more lets the client pass. */
        PATH,
        /** No policy selects it. */
        FREE,
        /** Selected by the policy whose coming and going is measured. */
        JUDGED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int PORT = 7000;
    private static final String NAMESPACE = "netbench-path";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(500);

    private static final String ALLOW = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: client, namespace: netbench-path}
            spec:
              podSelector: {matchLabels: {netbench: path}}
              policyTypes: [Ingress]
              ingress:
              - from: [{podSelector: {matchLabels: {netbench: client}}}]
                ports: [{protocol: TCP, port: 7000}]
            """;

    private final Lab lab;
    private final Node near;
    private final Node far;
    private final Netbench netbench;
    private final String kubeconfig;
    private int written;

    PolicyBed(Lab lab, Netbench netbench) {
        this.lab = lab;
        this.near = lab.nodes().getFirst();
        this.far = lab.nodes().getLast();
        this.netbench = netbench;
        this.kubeconfig = lab.paths().kubeconfig("admin").toString();
    }

    /**
     * Starts all pods.
     *
     * @param own how many more on each node
     */
    void make(int own) {
        lab.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        List<Pod> pods = new ArrayList<>(List.of(pod("client", near, Map.of("netbench", "client"))));
        for (Node node : List.of(near, far)) {
            for (Role role : Role.values()) {
                pods.add(pod(role + "-" + node.name(), node, Map.of("netbench", role.toString())));
            }
            for (int i = 0; i < own; i++) {
                pods.add(pod("own-" + i + "-" + node.name(), node, Map.of("group", String.valueOf(i))));
            }
        }
        pods.forEach(pod -> Wait.until("a pod to be accepted", PATIENCE, POLL, () -> {
            lab.client().resource(pod).serverSideApply();
            return true;
        }));
        Wait.until(
                pods.size() + " pods to be ready",
                PATIENCE,
                POLL,
                () -> lab.client().pods().inNamespace(NAMESPACE).list().getItems().stream()
                        .allMatch(Readiness.getInstance()::isReady));
        for (Node node : List.of(near, far)) {
            for (Role role : Role.values()) {
                serve(running(role + "-" + node.name(), node));
            }
        }
    }

    /** Writes policies until there are so many, and pods of other nodes, as API objects. */
    void write(int policies, int pods) {
        if (policies > 0) {
            lab.client().resource(ALLOW).fieldManager("lab").serverSideApply();
        }
        netbench.run(
                near,
                "policies-write",
                "--kubeconfig",
                kubeconfig,
                "--pods",
                String.valueOf(pods),
                "--first",
                String.valueOf(written),
                "--count",
                String.valueOf(policies));
        written = policies;
    }

    /** How long a policy takes until it is in force on both nodes; as many times, or for as long. */
    JsonNode enforced(int rounds, Duration limit, Duration patience) {
        return netbench.run(
                near,
                "policies-enforced",
                "--kubeconfig",
                kubeconfig,
                "--namespace",
                NAMESPACE,
                "--client-netns",
                client().netns(),
                "--to",
                address(Role.JUDGED, true) + "," + address(Role.JUDGED, false),
                "--rounds",
                String.valueOf(rounds),
                "--limit",
                limit.toSeconds() + "s",
                "--patience",
                patience.toSeconds() + "s");
    }

    /** Runs one of netbench's commands about traffic from the client to a server. */
    JsonNode traffic(String command, Role role, boolean sameNode, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(command, "--netns", client().netns(), "--to", address(role, sameNode)));
        arguments.addAll(List.of(more));
        return netbench.run(near, arguments.toArray(String[]::new));
    }

    private RunningPod client() {
        return running("client", near);
    }

    private String address(Role role, boolean sameNode) {
        Node node = sameNode ? near : far;
        return running(role + "-" + node.name(), node).addresses().getFirst() + ":" + PORT;
    }

    private RunningPod running(String name, Node node) {
        return RunningPod.of(
                node,
                Objects.requireNonNull(lab.client()
                        .pods()
                        .inNamespace(NAMESPACE)
                        .withName(name)
                        .get()));
    }

    private void serve(RunningPod pod) {
        String program = "netbench-" + pod.name();
        pod.node().start(program, netbench.command("serve", "--listen", ":" + PORT, "--netns", pod.netns()));
        Wait.until(
                "the server of " + pod.name(),
                PATIENCE,
                POLL,
                () -> Files.readString(pod.node().log(program)).contains("ready"));
    }

    private static Pod pod(String name, Node node, Map<String, String> labels) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node.name().value())
                .withTerminationGracePeriodSeconds(1L)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .addNewContainer()
                .withName("pause")
                .withImage(LabImages.PAUSE)
                .withImagePullPolicy("IfNotPresent")
                .endContainer()
                .endSpec()
                .build();
    }
}
