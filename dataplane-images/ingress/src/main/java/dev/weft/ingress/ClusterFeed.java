package dev.weft.ingress;

import dev.weft.agent.Check;
import dev.weft.agent.Metrics;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.ConfigMap;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.References;
import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.gateway.GatewayDiscovery;
import dev.weft.ingress.gateway.GatewayKinds;
import dev.weft.kube.KindSpec;
import dev.weft.kube.KubeClient;
import dev.weft.kube.Pod;
import dev.weft.kube.WatchMetrics;
import dev.weft.kube.Watcher;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All that is watched, as a {@link Cluster}. Whole kinds from the start, those of Gateway API while the cluster has them, and
 * single Secrets, ConfigMaps and names of hosts while something refers to them. All but the listener is called by one thread.
 */
final class ClusterFeed implements AutoCloseable {
    private final KubeClient client;
    private final Optional<Kind<Pod>> pods;
    private final Consumer<String> changed;
    private final Metrics metrics;
    private final Map<Kind<?>, Watched<?>> kinds = new ConcurrentHashMap<>();
    private final Set<String> measured = new HashSet<>();
    private final NamedObjects<Secret> secrets;
    private final NamedObjects<ConfigMap> configMaps;
    private final HostNames names;
    private Cluster cluster = Cluster.EMPTY;
    /** What was known in full when {@link #cluster} was made. More may be by now, of which it does not tell. */
    private Set<Watched<?>> read = Set.of();

    private record Watched<T>(Kind<T> kind, KindSpec<T> spec, Watcher<T> watcher) {
        boolean isSynced() {
            return watcher.store().isSynced();
        }

        Cluster into(Cluster cluster) {
            return cluster.with(kind, watcher.store().snapshot().objects());
        }
    }

    /**
     * @param pods where proxies run, if that is to be known
     * @param changed called with what changed; quick, any thread
     */
    ClusterFeed(KubeClient client, Optional<Kind<Pod>> pods, Metrics metrics, Consumer<String> changed) {
        this.client = client;
        this.pods = pods;
        this.metrics = metrics;
        this.changed = changed;
        this.secrets = new NamedObjects<>(client, Kinds.SECRETS, () -> changed.accept("Secret"));
        this.configMaps = new NamedObjects<>(client, Kinds.CONFIG_MAPS, () -> changed.accept("ConfigMap"));
        this.names = new HostNames(InetAddress::getAllByName, () -> changed.accept("host name"));
    }

    /** Watches what there is to watch; again whenever that may have changed. */
    void watch(boolean gatewayApi) {
        Map<Kind<?>, KindSpec<?>> wanted = new LinkedHashMap<>();
        Kinds.FOR_INGRESSES.forEach(kind -> wanted.put(kind, kind.spec()));
        pods.ifPresent(kind -> wanted.put(kind, kind.spec()));
        if (gatewayApi) {
            GatewayKinds.ALWAYS.forEach(kind -> wanted.put(kind, kind.spec()));
            GatewayDiscovery.watches(cluster).forEach(watch -> wanted.put(watch.kind(), watch.spec()));
        }
        for (Watched<?> watched : List.copyOf(kinds.values())) {
            if (!watched.spec().equals(wanted.get(watched.kind()))) {
                kinds.remove(watched.kind());
                Thread.ofVirtual().name("kube-end").start(watched.watcher()::close);
                cluster = without(cluster, watched.kind());
            }
        }
        wanted.forEach((kind, spec) -> {
            if (!kinds.containsKey(kind)) {
                start(kind, spec);
            }
        });
    }

    private static <T> Cluster without(Cluster cluster, Kind<T> kind) {
        return cluster.with(kind, Map.of());
    }

    @SuppressWarnings("unchecked") // a spec that is wanted for a kind makes its values
    private <T> void start(Kind<T> kind, KindSpec<?> spec) {
        KindSpec<T> typed = (KindSpec<T>) spec;
        Watcher<T> watcher = new Watcher<>(client, typed);
        watcher.store().onChange(change -> changed.accept(kind.name()));
        watcher.store().onSynced(() -> changed.accept(kind.name()));
        kinds.put(kind, new Watched<>(kind, typed, watcher));
        if (measured.add(kind.name())) {
            WatchMetrics.register(metrics, watcher);
        }
        watcher.start();
    }

    /** Kinds that are not among these, each with its name. */
    private Map<String, Watched<?>> allBut(Predicate<Watched<?>> these) {
        Map<String, Watched<?>> rest = new TreeMap<>();
        for (Watched<?> watched : kinds.values()) {
            // Where proxies run is told in statuses, and no reason not to serve.
            if (!watched.kind().equals(pods.orElse(null)) && !these.test(watched)) {
                rest.put(watched.kind().name(), watched);
            }
        }
        return rest;
    }

    /** Names of kinds that the last {@link #cluster} does not hold in full. */
    Set<Object> missing() {
        return new HashSet<>(allBut(read::contains).keySet());
    }

    /** Whether the last {@link #cluster} holds all that Ingresses are made of. */
    boolean isKnown() {
        return Kinds.FOR_INGRESSES.stream().allMatch(kind -> {
            Watched<?> watched = kinds.get(kind);
            return watched != null && read.contains(watched);
        });
    }

    /** As it is now. */
    Cluster cluster() {
        read = kinds.values().stream().filter(Watched::isSynced).collect(Collectors.toUnmodifiableSet());
        Cluster now = cluster;
        for (Watched<?> watched : kinds.values()) {
            now = watched.into(now);
        }
        now = now.with(Kinds.SECRETS, secrets.all());
        now = now.with(Kinds.CONFIG_MAPS, configMaps.all());
        cluster = now.withAddresses(names.all());
        return cluster;
    }

    /** Has these known from now on, and no others. */
    void want(References references) {
        secrets.want(references.secrets());
        configMaps.want(references.configMaps());
        names.want(references.names());
    }

    /** Secrets and ConfigMaps that are wanted and were not known when the last {@link #cluster} was made. */
    Collection<Object> unknownObjects() {
        List<Object> unknown = new ArrayList<>(secrets.unknown());
        unknown.addAll(configMaps.unknown());
        return unknown;
    }

    /** Likewise, names of hosts. */
    Set<String> unknownNames() {
        return names.unknown();
    }

    /** To be called every second or so. */
    void refresh() {
        names.refresh();
    }

    Check readiness() {
        Map<String, Watched<?>> unread = allBut(Watched::isSynced);
        return unread.isEmpty()
                ? Check.good()
                : Check.bad("not yet read from the API server: "
                        + unread.entrySet().stream()
                                .map(each -> each.getKey() + " ("
                                        + each.getValue().watcher().status().lastError() + ")")
                                .collect(Collectors.joining(", ")));
    }

    @Override
    public void close() {
        kinds.values().forEach(watched -> watched.watcher().close());
        secrets.close();
        configMaps.close();
    }
}
