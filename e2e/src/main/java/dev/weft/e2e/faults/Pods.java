package dev.weft.e2e.faults;

import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.RunningPod;
import dev.weft.e2e.lab.Wait;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The pods of fault tests: small servers, put on nodes by name. */
final class Pods {
    static final String NAMESPACE = "default";
    static final String LABEL = "weft.dev/fault-test";
    /** Where they answer HTTP, and so TCP connections. */
    static final int PORT = 8080;

    /** Longer than it takes until nobody sends anything to a pod that is being deleted. */
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Lab lab;

    Pods(Lab lab) {
        this.lab = lab;
    }

    /** Starts a server and waits until it is ready. */
    RunningPod start(String name, NodeName node, int... hostPorts) {
        create(server(name, node, hostPorts));
        return awaitReady(name, node);
    }

    void create(Pod pod) {
        // The namespace's service account comes a moment after the namespace.
        Wait.until("pod " + pod.getMetadata().getName() + " to be accepted", PATIENCE, POLL, () -> {
            lab.client().resource(pod).serverSideApply();
            return true;
        });
    }

    RunningPod awaitReady(String name, NodeName node) {
        Wait.until(
                "pod " + name + " on " + node + " to be ready",
                PATIENCE,
                POLL,
                () -> Readiness.getInstance().isReady(get(name)));
        return RunningPod.of(lab.node(node), Objects.requireNonNull(get(name)));
    }

    private Pod get(String name) {
        return lab.client().pods().inNamespace(NAMESPACE).withName(name).get();
    }

    /** All of them that there are. */
    List<Pod> all() {
        return lab.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel(LABEL)
                .list()
                .getItems();
    }

    /** Deletes all and waits until they are gone; returns how long that took. */
    Duration deleteAll() {
        return Scene.timed(() -> {
            lab.client().pods().inNamespace(NAMESPACE).withLabel(LABEL).delete();
            Wait.until("the end of all pods", PATIENCE, POLL, () -> all().isEmpty());
        });
    }

    /** A server that starts at once and ends within a second. */
    static Pod server(String name, NodeName node, int... hostPorts) {
        return pod(name, node, List.of("netexec", "--http-port=" + PORT), hostPorts);
    }

    /** A server that is ready when it answers, and answers for some seconds after it was told to end. */
    static Pod graceful(String name, NodeName node) {
        int seconds = (int) LEAVING.toSeconds();
        return new PodBuilder(pod(name, node, List.of("netexec", "--http-port=" + PORT, "--delay-shutdown=" + seconds)))
                .editSpec()
                .withTerminationGracePeriodSeconds(2L * seconds)
                .editFirstContainer()
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/hostname")
                .withPort(new IntOrString(PORT))
                .endHttpGet()
                .withPeriodSeconds(1)
                .endReadinessProbe()
                .endContainer()
                .endSpec()
                .build();
    }

    /** A pod that runs one of netbench's commands once; what it saw is its termination message. */
    static Pod once(String name, NodeName node, List<String> command) {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of("--result", "/dev/termination-log"));
        return new PodBuilder(pod(name, node, arguments))
                .editSpec()
                .withRestartPolicy("Never")
                .editFirstContainer()
                .withImage(LabImages.NETBENCH)
                .endContainer()
                .endSpec()
                .build();
    }

    /** A pod that does nothing. */
    static Pod idle(String name, NodeName node, int... hostPorts) {
        return pod(name, node, List.of("pause"), hostPorts);
    }

    private static Pod pod(String name, NodeName node, List<String> arguments, int... hostPorts) {
        List<ContainerPort> ports = IntStream.of(hostPorts)
                .mapToObj(hostPort -> new ContainerPortBuilder()
                        .withContainerPort(PORT)
                        .withHostPort(hostPort)
                        .withProtocol("TCP")
                        .build())
                .toList();
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .addToLabels(LABEL, "true")
                .endMetadata()
                .withNewSpec()
                .withNodeName(node.value())
                .withTerminationGracePeriodSeconds(1L)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTolerations(new TolerationBuilder().withOperator("Exists").build())
                .addNewContainer()
                .withName("server")
                .withImage(LabImages.AGNHOST)
                .withImagePullPolicy("IfNotPresent")
                .withArgs(arguments)
                .withPorts(ports)
                .endContainer()
                .endSpec()
                .build();
    }
}
