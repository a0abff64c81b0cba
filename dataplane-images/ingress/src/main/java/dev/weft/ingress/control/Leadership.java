package dev.weft.ingress.control;

import dev.weft.agent.Log;
import dev.weft.agent.TimeSource;
import dev.weft.kube.KubeApiException;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeException;
import dev.weft.kube.Snapshot;
import dev.weft.kube.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that one of the proxies leads, by a Lease: the others watch it, so one that is given up is taken over at once,
 * and that of a proxy that died after {@link LeaseStep#DURATION}.
 */
public final class Leadership implements AutoCloseable {
    /** {@code MicroTime} of k8s.io/apimachinery. */
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final Log LOG = Log.of("leadership");
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final KubeClient client;
    private final String collection;
    private final String name;
    private final String namespace;
    private final String identity;
    private final Runnable onGained;
    private final TimeSource time;
    private final Watcher<LeaseState> watcher;
    private final BlockingQueue<String> pokes = new ArrayBlockingQueue<>(1);
    private final Thread thread;

    private volatile boolean closing;
    private volatile boolean held;
    private volatile long renewedAt;
    private Optional<LeaseState> seen = Optional.empty();
    /** What was there when this proxy wrote last; as long as it is seen, the watch has not told of that yet. */
    private Optional<LeaseState> written = Optional.empty();

    private boolean awaitsWatch;
    private long seenAt;

    /**
     * @param identity of this proxy, such as its pod's name
     * @param onGained is called by a thread of this each time leading begins; must not block
     */
    public Leadership(
            KubeClient client, String namespace, String name, String identity, Runnable onGained, TimeSource time) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.collection = "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
        this.identity = identity;
        this.onGained = onGained;
        this.time = time;
        this.watcher = new Watcher<>(client, LeaseState.kind(namespace, name));
        this.thread = Thread.ofPlatform().daemon().name("leadership").unstarted(this::run);
    }

    public void start() {
        seenAt = time.nanos();
        watcher.store().onChange(change -> pokes.offer("changed"));
        watcher.store().onSynced(() -> pokes.offer("synced"));
        watcher.start();
        thread.start();
    }

    /** Whether this proxy leads now: holds the Lease, and could renew it lately. */
    public boolean isLeader() {
        return held && time.since(renewedAt).compareTo(LeaseStep.DEADLINE) < 0;
    }

    /** Gives the Lease up, if it is held, so that another proxy takes over at once. */
    @Override
    public void close() {
        closing = true;
        pokes.offer("closing");
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watcher.close();
    }

    private void run() {
        Duration pause = Duration.ZERO;
        try {
            while (!closing) {
                pokes.poll(pause.toNanos(), TimeUnit.NANOSECONDS);
                pause = closing ? Duration.ZERO : step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        giveUp();
    }

    /** One step; says how long to wait before the next if nothing happens. */
    private Duration step() {
        Snapshot<LeaseState> snapshot = watcher.store().snapshot();
        if (!snapshot.synced()) {
            return RETRY;
        }
        Optional<LeaseState> now = snapshot.values().stream().findFirst();
        if (!now.equals(seen)) {
            seen = now;
            seenAt = time.nanos();
        }
        if (awaitsWatch && now.equals(written)) {
            Duration since = time.since(renewedAt);
            if (since.compareTo(LeaseStep.RENEWAL) < 0) {
                return LeaseStep.RENEWAL.minus(since);
            }
        }
        awaitsWatch = false;
        if (held && now.filter(lease -> lease.holder().equals(identity)).isEmpty()) {
            held = false;
            LOG.warn("somebody else leads now");
        }
        return switch (LeaseStep.next(now, identity, time.since(seenAt))) {
            case LeaseStep.Create() -> attempt(() -> client.create(collection, lease("", 0)));
            case LeaseStep.Take(LeaseState from) ->
                attempt(() -> client.mergePatch(
                        collection + "/" + name, lease(from.resourceVersion(), from.transitions() + 1)));
            case LeaseStep.Renew(LeaseState lease) ->
                attempt(() -> client.mergePatch(
                        collection + "/" + name, lease(lease.resourceVersion(), lease.transitions())));
            case LeaseStep.Wait(Duration most) -> most;
        };
    }

    private interface Write {
        void send() throws KubeException;
    }

    private Duration attempt(Write write) {
        long began = time.nanos();
        try {
            write.send();
        } catch (KubeApiException e) {
            if (!e.isConflict()) {
                LOG.warn("Lease was refused", e);
            }
            return RETRY;
        } catch (KubeException e) {
            LOG.warn("Lease could not be written", e);
            return RETRY;
        }
        boolean lapsed = held && !isLeader();
        // From before the request: nobody's clock for it starts earlier.
        renewedAt = began;
        written = seen;
        awaitsWatch = true;
        if (!held || lapsed) {
            held = true;
            LOG.info(
                    lapsed ? "leads again, after the Lease could not be renewed in time" : "leads",
                    "identity",
                    identity);
            onGained.run();
        }
        // The watch tells of the new state at once, from which renewal is counted.
        return LeaseStep.RENEWAL;
    }

    private void giveUp() {
        if (!held) {
            return;
        }
        held = false;
        try {
            // A holder that is empty instead of missing would not be valid.
            client.mergePatch(collection + "/" + name, "{\"spec\":{\"holderIdentity\":null}}");
            LOG.info("gave the lead up");
        } catch (KubeException e) {
            LOG.warn("the lead could not be given up; another proxy takes it when the Lease is over", e);
        }
    }

    private String lease(String resourceVersion, int transitions) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", name);
        metadata.put("namespace", namespace);
        if (!resourceVersion.isEmpty()) {
            metadata.put("resourceVersion", resourceVersion);
        }
        // MicroTime has exactly six digits behind the point.
        String now = micros(time.now());
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("holderIdentity", identity);
        spec.put("leaseDurationSeconds", LeaseStep.DURATION.toSeconds());
        spec.put("leaseTransitions", transitions);
        spec.put("renewTime", now);
        if (!held) {
            spec.put("acquireTime", now);
        }
        Map<String, Object> lease = new LinkedHashMap<>();
        lease.put("apiVersion", "coordination.k8s.io/v1");
        lease.put("kind", "Lease");
        lease.put("metadata", metadata);
        lease.put("spec", spec);
        return JsonText.of(lease);
    }

    private static String micros(Instant instant) {
        return MICRO_TIME.format(instant);
    }
}
