package dev.weft.dns;

import dev.weft.agent.Check;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.dns.cluster.EndpointSlice;
import dev.weft.dns.cluster.Kinds;
import dev.weft.dns.cluster.PodAddresses;
import dev.weft.dns.cluster.Service;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.PodsMode;
import dev.weft.dns.zone.ZoneOptions;
import dev.weft.kube.Change;
import dev.weft.kube.KindSpec;
import dev.weft.kube.KubeClient;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.WatchMetrics;
import dev.weft.kube.Watcher;
import dev.weft.net.Ip;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps a {@link ClusterZone} up with the API server's objects. Watches tell of changes on threads of their own; one
 * thread here applies them in their order.
 */
final class ClusterFeed implements AutoCloseable {
    private static final Log LOG = Log.of("zone");
    private static final long LOOK_MILLIS = 20;
    private static final long IDLE_MILLIS = 1000;

    private final KubeClient client;
    private final Watcher<Service> services;
    private final Watcher<EndpointSlice> slices;
    private final Watcher<String> namespaces;
    private final Watcher<PodAddresses> pods;
    private final Consumer<ClusterZone> completed;
    private final Consumer<Duration> programmed;
    private final LinkedBlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();
    private final Map<Ip, String> podNamespaces = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile ClusterZone zone;
    private volatile ZoneOptions wanted;
    private volatile boolean closed;
    private boolean watchesPods;
    private boolean building;

    /**
     * @param completed told of each zone that holds all objects for the first time; on the thread of this feed
     * @param programmed told how long a change of a headless Service's endpoints took to get here
     */
    ClusterFeed(
            KubeClient client,
            ZoneOptions options,
            boolean withPods,
            Consumer<ClusterZone> completed,
            Consumer<Duration> programmed) {
        this.client = client;
        this.completed = completed;
        this.programmed = programmed;
        this.wanted = options;
        this.zone = new ClusterZone(options, InstantSource.system());
        services = watcher(Kinds.services());
        slices = watcher(Kinds.endpointSlices());
        namespaces = watcher(Kinds.namespaces());
        pods = watcher(Kinds.pods());
        services.store().onChange(change -> later(() -> zone.service(change.key(), change.after())));
        slices.store().onChange(change -> later(() -> slice(change)));
        namespaces
                .store()
                .onChange(change -> later(
                        () -> zone.namespace(change.key().name(), change.after().isPresent())));
        pods.store().onChange(change -> later(() -> pod(change)));
        thread = Thread.ofPlatform().name("dns-zone").unstarted(this::run);
        watchesPods = withPods;
    }

    private <T> Watcher<T> watcher(KindSpec<T> kind) {
        return new Watcher<>(client, kind);
    }

    void start() {
        services.start();
        slices.start();
        namespaces.start();
        if (watchesPods) {
            pods.start();
        }
        thread.start();
    }

    /** Of the zone that was asked for last. */
    ZoneOptions options() {
        return wanted;
    }

    /** The zone that is served, or is to be once it is complete. */
    ClusterZone zone() {
        return zone;
    }

    /** The namespace of the pod with an address; empty unless Pods are watched. */
    Optional<String> namespaceOf(Ip ip) {
        return Optional.ofNullable(podNamespaces.get(ip));
    }

    /** Builds another zone from what is known, and tells of it when it is complete; meanwhile the old one stays. */
    void rebuild(ZoneOptions options, boolean withPods) {
        wanted = options;
        later(() -> {
            if (withPods && !watchesPods) {
                watchesPods = true;
                pods.start();
            }
            zone = new ClusterZone(options, InstantSource.system());
            building = true;
            refill();
        });
    }

    /** Changes that are in the snapshots and still in the queue are applied twice, which changes nothing. */
    private void refill() {
        services.store().snapshot().objects().forEach((key, service) -> zone.service(key, Optional.of(service)));
        slices.store().snapshot().objects().forEach((key, slice) -> zone.slice(key, Optional.of(slice)));
        namespaces.store().snapshot().objects().forEach((key, name) -> zone.namespace(name, true));
        pods.store().snapshot().objects().forEach((key, pod) -> zone.pod(key, Optional.of(pod)));
    }

    Check readiness() {
        if (zone.isComplete()) {
            return Check.good();
        }
        List<String> missing = new ArrayList<>();
        for (Watcher<?> watcher : watchers()) {
            if (!watcher.store().isSynced()) {
                missing.add(watcher.kind() + " (" + watcher.status().lastError() + ")");
            }
        }
        return Check.bad("not yet read from the API server: " + String.join(", ", missing));
    }

    void register(Metrics metrics) {
        List.of(services, slices, namespaces, pods).forEach(watcher -> WatchMetrics.register(metrics, watcher));
    }

    private List<Watcher<?>> watchers() {
        return watchesPods ? List.of(services, slices, namespaces, pods) : List.of(services, slices, namespaces);
    }

    private void later(Runnable change) {
        changes.add(change);
    }

    private void slice(Change<EndpointSlice> change) {
        zone.slice(change.key(), change.after());
        long trigger = change.after().map(EndpointSlice::changed).orElse(0L);
        boolean news = trigger != 0
                && trigger != change.before().map(EndpointSlice::changed).orElse(0L);
        if (news && !building && zone.isHeadless(change.after().orElseThrow().service())) {
            programmed.accept(Duration.ofMillis(Math.max(0, System.currentTimeMillis() - trigger)));
        }
    }

    private void pod(Change<PodAddresses> change) {
        change.before().ifPresent(pod -> pod.ips().forEach(podNamespaces::remove));
        change.after().ifPresent(pod -> pod.ips().forEach(ip -> podNamespaces.put(ip, namespace(change.key()))));
        zone.pod(change.key(), change.after());
    }

    private static String namespace(ObjectKey key) {
        return key.namespace().intern();
    }

    private void run() {
        building = true;
        while (!closed) {
            try {
                Runnable change = changes.poll(building ? LOOK_MILLIS : IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (change != null) {
                    change.run();
                } else if (building && isComplete()) {
                    building = false;
                    zone.complete();
                    LOG.info(
                            "complete",
                            "objects",
                            zone.objects(),
                            "names",
                            zone.table().size());
                    completed.accept(zone);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("a change was not applied", e);
            }
        }
    }

    /** All lists are read and all that they told is applied. */
    private boolean isComplete() {
        int objects = 0;
        for (Watcher<?> watcher : watchers()) {
            if (!watcher.store().isSynced()) {
                return false;
            }
            objects += watcher.store().size();
        }
        if (watchesPods && zone.options().podsMode() != PodsMode.VERIFIED) {
            objects -= pods.store().size();
        }
        return changes.isEmpty() && objects == zone.objects();
    }

    @Override
    public void close() {
        closed = true;
        watchers().forEach(Watcher::close);
        thread.interrupt();
    }
}
