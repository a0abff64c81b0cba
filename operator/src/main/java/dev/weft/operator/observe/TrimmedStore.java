package dev.weft.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An informer's store that keeps only what the operator reads: a Node is 10 kB and more, of which we need 1. */
public final class TrimmedStore<T extends HasMetadata> implements ItemStore<T> {
    private final Map<String, T> items = new ConcurrentHashMap<>();
    private final UnaryOperator<T> trim;

    private TrimmedStore(UnaryOperator<T> trim) {
        this.trim = trim;
    }

    public static TrimmedStore<Node> ofNodes() {
        return new TrimmedStore<>(TrimmedStore::trim);
    }

    public static TrimmedStore<Pod> ofPods() {
        return new TrimmedStore<>(TrimmedStore::trim);
    }

    private static Node trim(Node node) {
        return new NodeBuilder(node)
                .editMetadata()
                .withManagedFields()
                .withAnnotations(onlyOurs(node.getMetadata().getAnnotations()))
                .endMetadata()
                .editOrNewStatus()
                .withImages()
                .withVolumesAttached()
                .withVolumesInUse()
                .withCapacity(Map.of())
                .withAllocatable(onlyCpu(node))
                .withNodeInfo(null)
                .endStatus()
                .build();
    }

    private static Pod trim(Pod pod) {
        String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        return new PodBuilder(pod)
                .editMetadata()
                .withManagedFields()
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .endSpec()
                .build();
    }

    private static Map<String, Quantity> onlyCpu(Node node) {
        Map<String, Quantity> kept = new TreeMap<>(
                node.getStatus() == null
                        ? Map.of()
                        : Readers.orEmpty(node.getStatus().getAllocatable()));
        kept.keySet().retainAll(Set.of(Readers.CPU));
        return kept;
    }

    private static Map<String, String> onlyOurs(@Nullable Map<String, String> annotations) {
        Map<String, String> ours = new TreeMap<>(Readers.orEmpty(annotations));
        ours.keySet().removeIf(key -> !key.startsWith("weft.dev/"));
        return ours;
    }

    @Override
    public String getKey(T item) {
        return Cache.metaNamespaceKeyFunc(item);
    }

    @Override
    public @Nullable T put(String key, T item) {
        return items.put(key, trim.apply(item));
    }

    @Override
    public @Nullable T remove(String key) {
        return items.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return items.values().stream();
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public @Nullable T get(String key) {
        return items.get(key);
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
