package dev.weft.operator.observe;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.operator.revision.Names;
import dev.weft.operator.revision.Revision;
import dev.weft.operator.revision.StoredRevision;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From the API's objects, in which everything may be absent, to values. */
public final class Readers {
    static final String CPU = "cpu";

    private Readers() {}

    public static NodeInfo node(Node node) {
        ObjectMeta meta = node.getMetadata();
        Map<String, String> labels = orEmpty(meta.getLabels());
        Optional<NodeCondition> ready = Optional.ofNullable(node.getStatus())
                .flatMap(s -> orEmpty(s.getConditions()).stream()
                        .filter(c -> c.getType().equals("Ready"))
                        .findFirst());
        return new NodeInfo(
                meta.getName(),
                labels,
                Optional.ofNullable(node.getSpec()).map(s -> orEmpty(s.getTaints())).orElse(List.of()).stream()
                        .map(t -> new NodeInfo.TaintInfo(
                                t.getKey(), Objects.requireNonNullElse(t.getValue(), ""), t.getEffect()))
                        .toList(),
                Optional.ofNullable(node.getSpec()).map(s -> orEmpty(s.getPodCIDRs())).orElse(List.of()).stream()
                        .map(Cidr::parse)
                        .toList(),
                Optional.ofNullable(node.getStatus()).map(s -> orEmpty(s.getAddresses())).orElse(List.of()).stream()
                        .filter(a -> a.getType().equals("InternalIP"))
                        .map(a -> Ip.parse(a.getAddress()))
                        .toList(),
                milliCores(node),
                ready.filter(c -> c.getStatus().equals("True")).isPresent(),
                ready.map(c -> instant(c.getLastTransitionTime())).orElse(instant(meta.getCreationTimestamp())),
                Optional.ofNullable(labels.get(Names.REVISION)),
                Optional.ofNullable(orEmpty(meta.getAnnotations()).get(Names.MOVED_AT))
                        .map(Readers::instant));
    }

    private static int milliCores(Node node) {
        return Optional.ofNullable(node.getStatus())
                .map(s -> orEmpty(s.getAllocatable()).get(CPU))
                .map(cpu -> cpu.getNumericalAmount().movePointRight(3).intValue())
                .orElse(0);
    }

    public static AgentPod pod(Pod pod) {
        ObjectMeta meta = pod.getMetadata();
        Map<String, String> labels = orEmpty(meta.getLabels());
        Instant created = instant(meta.getCreationTimestamp());
        Optional<PodCondition> ready = PodProblems.condition(pod, "Ready");
        return new AgentPod(
                meta.getName(),
                Optional.ofNullable(pod.getSpec()).map(s -> s.getNodeName()).orElse(""),
                labels.getOrDefault(Names.APP_NAME, ""),
                labels.getOrDefault(Names.REVISION, ""),
                ready.filter(c -> c.getStatus().equals("True")).isPresent(),
                ready.map(c -> instant(c.getLastTransitionTime())).orElse(created),
                created,
                meta.getDeletionTimestamp() != null,
                PodProblems.of(pod));
    }

    /** Every revision that a ConfigMap or a DaemonSet keeps whole. */
    public static List<LiveRevision> live(Collection<ConfigMap> configMaps, Collection<DaemonSet> daemonSets) {
        Map<String, Revision> revisions = new TreeMap<>();
        Stream.concat(
                        configMaps.stream().flatMap(c -> StoredRevision.read(c).stream()),
                        daemonSets.stream().flatMap(d -> StoredRevision.read(d).stream()))
                .forEach(r -> revisions.put(r.name(), r));
        return revisions.values().stream()
                .map(r -> {
                    Optional<DaemonSet> daemonSet = daemonSets.stream()
                            .filter(d -> d.getMetadata().getName().equals(Names.nodeAgent(r.name())))
                            .filter(d -> d.getMetadata().getDeletionTimestamp() == null)
                            .findFirst();
                    boolean stable = daemonSet
                            .map(d -> "true"
                                    .equals(orEmpty(d.getMetadata().getLabels()).get(Names.STABLE)))
                            .orElse(false);
                    return new LiveRevision(r, stable, daemonSet.isPresent());
                })
                .toList();
    }

    /** The moment of an RFC 3339 text, or the epoch when there is none. */
    public static Instant instant(@Nullable String text) {
        return text == null || text.isEmpty()
                ? Instant.EPOCH
                : OffsetDateTime.parse(text).toInstant();
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    static <K, V> Map<K, V> orEmpty(@Nullable Map<K, V> map) {
        return map == null ? Map.of() : map;
    }
}
