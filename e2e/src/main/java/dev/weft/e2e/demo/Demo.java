package dev.weft.e2e.demo;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.Condition;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Network;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.weft.Kubectl;
import dev.weft.e2e.weft.Release;
import dev.weft.e2e.weft.Weft;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The steps of the demo on a running lab. */
final class Demo {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NAMESPACE = "weft-demo";
    private static final int PORT = 8080;
    private static final String SERVICE = "hello." + NAMESPACE + ".svc.cluster.local:80";

    private final Lab lab;
    private final Kubectl kubectl;
    private final Progress progress;

    Demo(Lab lab, Kubectl kubectl, Progress progress) {
        this.lab = lab;
        this.kubectl = kubectl;
        this.progress = progress;
    }

    void install(Release files) {
        // Nobody serves the Service kubernetes yet, so the operator is told where the API server is.
        progress.step("kubectl create configmap weft-api-server, with the API server's address");
        kubectl.run("create", "namespace", Weft.NAMESPACE);
        kubectl.run(
                "create",
                "configmap",
                "weft-api-server",
                "--namespace=" + Weft.NAMESPACE,
                "--from-literal=KUBERNETES_SERVICE_HOST=" + Network.API_SERVER_IPV4,
                "--from-literal=KUBERNETES_SERVICE_PORT=" + Network.API_SERVER_PORT);
        progress.step("kubectl apply -f " + files.install());
        kubectl.run("apply", "--server-side", "--filename", files.install().toString());
        progress.step("kubectl apply -f " + files.clusterNetwork());
        kubectl.run("apply", "--filename", files.clusterNetwork().toString());
        progress.step("kubectl patch cn default, with {ingress: {}}");
        kubectl.run("patch", "cn", "default", "--type=merge", "--patch={\"spec\": {\"ingress\": {}}}");
    }

    /** Tells each change of the resource's own message, so that whoever waits sees what for. */
    void awaitReady() throws DemoFailedException {
        var told = new StringBuilder();
        await("the ClusterNetwork to be Ready", () -> {
            Optional<Condition> ready = condition("Ready");
            String message = ready.map(Condition::message).orElse("waiting for the operator");
            if (!message.contentEquals(told)) {
                told.setLength(0);
                told.append(message);
                progress.step("  " + message);
            }
            return ready.map(Condition::met).orElse(false);
        });
        await(
                "the nodes to be Ready",
                () -> lab.client().nodes().list().getItems().stream()
                        .allMatch(node -> node.getStatus().getConditions().stream()
                                .anyMatch(c -> c.getType().equals("Ready")
                                        && c.getStatus().equals("True"))));
        progress.step("the ClusterNetwork and all nodes are Ready");
    }

    void startPods() throws DemoFailedException {
        progress.step("starting two pods, one on each node");
        apply("pods.yaml");
        await("the two pods to be ready", () -> {
            List<Pod> pods = pods();
            return pods.size() == 2
                    && pods.stream()
                            .allMatch(pod -> pod.getStatus().getConditions().stream()
                                    .anyMatch(c -> c.getType().equals("Ready")
                                            && c.getStatus().equals("True")));
        });
    }

    private void apply(String resource) throws DemoFailedException {
        try {
            Path manifest = Files.createTempFile("weft-demo", ".yaml");
            try (InputStream in = Demo.class.getResourceAsStream(resource)) {
                Files.write(manifest, Objects.requireNonNull(in, resource).readAllBytes());
                kubectl.run("apply", "--filename", manifest.toString());
            } finally {
                Files.delete(manifest);
            }
        } catch (IOException e) {
            throw new DemoFailedException("cannot write the manifest " + resource, e);
        }
    }

    /** A request from outside of the pod network, to a port of each node, is answered by a pod. */
    void askThroughIngress() throws DemoFailedException {
        progress.step("an Ingress leads hello.example to that Service");
        apply("ingress.yaml");
        for (Node node : lab.nodes()) {
            String[] answer = {""};
            await("an answer through ingress", () -> {
                answer[0] = ask(node);
                return answer[0].startsWith("HTTP/1.1 200");
            });
            progress.step("  http://hello.example/ at %s of %s: %s"
                    .formatted(node.name().ipv4(), node.name(), answer[0]));
        }
    }

    /** The status line and the body, which is the pod's name. */
    private String ask(Node node) {
        int port = Objects.requireNonNull(lab.client()
                        .services()
                        .inNamespace(Weft.NAMESPACE)
                        .withName("weft-ingress")
                        .get())
                .getSpec()
                .getPorts()
                .stream()
                .filter(p -> p.getName().equals("http"))
                .findFirst()
                .orElseThrow()
                .getNodePort();
        String answer = node.exec("bash", "-c", """
                exec 3<>"/dev/tcp/$1/$2"
                printf 'GET /hostname HTTP/1.1\r\nHost: hello.example\r\nConnection: close\r\n\r\n' >&3
                timeout 5 cat <&3
                """, "ask", node.name().ipv4(), String.valueOf(port));
        List<String> lines = answer.lines().toList();
        return lines.isEmpty() ? "" : lines.getFirst() + ", from pod " + lines.getLast();
    }

    /** Each pod opens a TCP connection to the other, to each of its addresses. */
    void talk() throws DemoFailedException {
        List<Pod> pods = pods();
        for (Pod from : pods) {
            for (Pod to : pods) {
                if (!from.equals(to)) {
                    talk(from, to);
                }
            }
        }
    }

    private void talk(Pod from, Pod to) throws DemoFailedException {
        for (PodIP address : to.getStatus().getPodIPs()) {
            String ip = address.getIp();
            String host = ip.contains(":") ? "[" + ip + "]" : ip;
            connect(from, name(to) + " on " + node(to), host + ":" + PORT);
        }
    }

    /** Each pod asks the cluster's DNS for the Service and opens a TCP connection to it. */
    void talkByName() throws DemoFailedException {
        for (Pod from : pods()) {
            connect(from, "the Service of both", SERVICE);
        }
    }

    private void connect(Pod from, String whom, String target) throws DemoFailedException {
        long start = System.nanoTime();
        try {
            kubectl.run(
                    "exec", "--namespace", NAMESPACE, name(from), "--", "/agnhost", "connect", "--timeout=3s", target);
        } catch (CommandFailedException e) {
            throw new DemoFailedException(
                    "%s on %s cannot reach %s at %s".formatted(name(from), node(from), whom, target), e);
        }
        progress.step("  %s on %s reaches %s at %s (%d ms with kubectl exec)"
                .formatted(
                        name(from),
                        node(from),
                        whom,
                        target,
                        Duration.ofNanos(System.nanoTime() - start).toMillis()));
    }

    /** Waits for the agents' own probes of each other, as the resource reports them. */
    void awaitProbes() throws DemoFailedException {
        await("all probes between the nodes to be answered", () -> {
            var connectivity = clusterNetwork().map(cn -> cn.getStatus().connectivity());
            return connectivity.isPresent()
                    && connectivity.get().pairs() > 0
                    && connectivity.get().pairs() == connectivity.get().pairsOk();
        });
        progress.step("the nodes' probes of each other are all answered");
    }

    String clusterNetworkTable() {
        return kubectl.run("get", "cn");
    }

    String podTable() {
        return kubectl.run("get", "pods", "--namespace", NAMESPACE, "--output=wide");
    }

    private List<Pod> pods() {
        return lab.client().pods().inNamespace(NAMESPACE).withLabel("app", "hello").list().getItems().stream()
                .sorted(Comparator.comparing(Demo::name))
                .toList();
    }

    private Optional<ClusterNetwork> clusterNetwork() {
        return Optional.ofNullable(lab.client()
                .resources(ClusterNetwork.class)
                .withName(ClusterNetwork.NAME)
                .get());
    }

    private Optional<Condition> condition(String type) {
        return clusterNetwork().flatMap(cn -> cn.getStatus().condition(type));
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }

    private static String node(Pod pod) {
        return pod.getSpec().getNodeName();
    }

    private static void await(String what, Callable<Boolean> condition) throws DemoFailedException {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new DemoFailedException("waited %d s for %s".formatted(PATIENCE.toSeconds(), what), e);
        }
    }
}
