package dev.weft.e2e.faults;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.weft.Weft;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Alerts and dashboards ask for metrics that agents and operator really have. */
final class Monitoring {
    private static final Pattern NAME = Pattern.compile("\\bweft_[a-z_]+");
    private static final List<Integer> PORTS = List.of(9470, 9472);
    private static final int INGRESS_PORT = 9474;

    private Monitoring() {}

    /**
     * The names in the files of a folder that no process has.
     *
     * @throws LabException if the folder names no metric at all
     */
    static SortedSet<String> unknownNames(Scene scene, Path folder) {
        SortedSet<String> names = names(folder);
        if (names.isEmpty()) {
            throw new LabException("no metric is named in " + folder);
        }
        for (int port : PORTS) {
            scene.nodes().forEach(node -> {
                String metrics = metrics(scene, node.name().value(), port);
                removeThose(names, metrics);
            });
        }
        ingress(scene).forEach(metrics -> removeThose(names, metrics));
        return names;
    }

    private static void removeThose(SortedSet<String> names, String metrics) {
        // Of a metric that has no value yet, its description is there; of a histogram, its parts have endings.
        names.removeIf(name -> metrics.contains("\n" + name + "{")
                || metrics.contains("\n" + name + " ")
                || metrics.contains("# TYPE " + name.replaceFirst("_(bucket|sum|count)$", "") + " "));
    }

    /** What ingress proxies tell. */
    private static List<String> ingress(Scene scene) {
        return scene
                .lab()
                .client()
                .pods()
                .inNamespace(Weft.NAMESPACE)
                .withLabel("app.kubernetes.io/name", IngressProxies.NAME)
                .list()
                .getItems()
                .stream()
                .map(pod -> scene.lab()
                        .client()
                        .raw("/api/v1/namespaces/%s/pods/%s:%d/proxy/metrics"
                                .formatted(Weft.NAMESPACE, pod.getMetadata().getName(), INGRESS_PORT)))
                .filter(Objects::nonNull)
                .toList();
    }

    private static SortedSet<String> names(Path folder) {
        SortedSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                NAME.matcher(Files.readString(file)).results().forEach(found -> names.add(found.group()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /** Empty where nobody answers: an operator runs on some of the nodes only. */
    private static String metrics(Scene scene, String node, int port) {
        try {
            return scene.lab().client().raw("/api/v1/nodes/http:%s:%d/proxy/metrics".formatted(node, port));
        } catch (KubernetesClientException e) {
            return "";
        }
    }
}
