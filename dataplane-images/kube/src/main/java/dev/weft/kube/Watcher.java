package dev.weft.kube;

import dev.weft.agent.Log;
import dev.weft.agent.TimeSource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Keeps a {@link Store} equal to the server's objects of one kind, for ever: lists, then watches from where the list
 * ended, and goes on from the last resource version after each break. Lists anew when the server has forgotten that
 * version (410 Gone). A failure never takes anything out of the store: only a complete list or a {@code DELETED} event
 * does. See <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/">API concepts</a>.
 */
public final class Watcher<T> implements AutoCloseable {
    private static final Log LOG = Log.of("kube");

    /** A watch that lived this long shows that the server works, even if it told nothing. */
    private static final Duration LIVED = Duration.ofSeconds(5);

    private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

    private final KubeClient client;
    private final KindSpec<T> kind;
    private final WatchOptions options;
    private final TimeSource time;
    private final RandomGenerator random;
    private final Store<T> store;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile WatchStatus status = WatchStatus.NEW;

    /** Where the next watch goes on from; empty before the first list. */
    private String resourceVersion = "";

    private boolean mustList = true;

    /** Whether the next list asks for the latest state, because asking for a version did not work. */
    private boolean latest;

    private long listedAt;

    public Watcher(KubeClient client, KindSpec<T> kind) {
        this(client, kind, new Store<>());
    }

    /** Goes on with a store that no other watcher writes any more. */
    Watcher(KubeClient client, KindSpec<T> kind, Store<T> store) {
        this(
                client,
                kind,
                store,
                WatchOptions.DEFAULT,
                TimeSource.system(),
                RandomGenerator.getDefault(),
                Thread.ofPlatform().daemon());
    }

    /** For a kind of which many small parts are watched, such as Secrets by their names: on a virtual thread. */
    public static <T> Watcher<T> light(KubeClient client, KindSpec<T> kind) {
        return new Watcher<>(
                client,
                kind,
                new Store<>(),
                WatchOptions.DEFAULT,
                TimeSource.system(),
                RandomGenerator.getDefault(),
                Thread.ofVirtual());
    }

    Watcher(KubeClient client, KindSpec<T> kind, WatchOptions options, TimeSource time, RandomGenerator random) {
        this(
                client,
                kind,
                new Store<>(),
                options,
                time,
                random,
                Thread.ofPlatform().daemon());
    }

    private Watcher(
            KubeClient client,
            KindSpec<T> kind,
            Store<T> store,
            WatchOptions options,
            TimeSource time,
            RandomGenerator random,
            Thread.Builder threads) {
        this.store = store;
        this.client = client;
        this.kind = kind;
        this.options = options;
        this.time = time;
        this.random = random;
        this.thread = threads.name("kube-" + kind.name()).unstarted(this::run);
    }

    public Store<T> store() {
        return store;
    }

    /** Name of the kind. */
    public String kind() {
        return kind.name();
    }

    public WatchStatus status() {
        return status;
    }

    /** Starts the watch on a thread of its own; once. */
    public void start() {
        thread.start();
    }

    /** Ends the watch; the store keeps what it has. Waits up to 5 s for the thread. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed.await(attempt().toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("watching again", "kind", kind.name(), "resourceVersion", resourceVersion);
            }
        } catch (InterruptedException e) {
            // By close(), the only one who knows this thread.
            Thread.currentThread().interrupt();
        }
    }

    private Duration attempt() {
        try {
            return step();
        } catch (RuntimeException e) {
            LOG.error("watch failed in an unforeseen way; listing anew", e, "kind", kind.name());
            mustList = true;
            status = status.failed(e.toString());
            return options.backoff().delay(status.failuresInARow(), random);
        }
    }

    /** Lists if need be and watches until the watch ends; says how long to wait before the next step. */
    Duration step() {
        long began = time.nanos();
        long before = status.events();
        try {
            if (mustList || time.since(listedAt).compareTo(options.relistEvery()) > 0) {
                list();
            }
            watch();
        } catch (KubeException e) {
            return failed(e, status.events() > before);
        }
        boolean progressed = status.events() > before;
        boolean lived = time.since(began).compareTo(LIVED) > 0;
        if (progressed || lived) {
            status = status.well();
            // However much a short watch told, servers are not to be asked in a tight loop.
            return lived ? Duration.ZERO : options.backoff().delay(1, random);
        }
        // Closed at once and without an error: a server that is going down.
        status = status.failed("watch was closed at once");
        return options.backoff().delay(status.failuresInARow(), random);
    }

    private void list() throws KubeException {
        String notOlderThan = latest ? "" : resourceVersion.isEmpty() ? "0" : resourceVersion;
        ObjectList<T> list = ObjectList.fetch(client, kind, notOlderThan, store);
        store.replaceAll(list.objects());
        resourceVersion = list.resourceVersion();
        mustList = false;
        latest = false;
        listedAt = time.nanos();
        status = status.listed(time.now());
        LOG.info("listed", "kind", kind.name(), "objects", list.objects().size(), "resourceVersion", resourceVersion);
    }

    private void watch() throws KubeException {
        long seconds = options.watchTimeout().toSeconds();
        String path = kind.query("watch=1&allowWatchBookmarks=true&resourceVersion=" + KindSpec.encode(resourceVersion)
                + "&timeoutSeconds=" + (seconds + random.nextLong(seconds + 1)));
        try (JsonInput in = new JsonInput(client.open(path, options.silence()))) {
            while (in.advance()) {
                apply(WatchEvent.read(in, kind.decoder()));
            }
        }
    }

    private void apply(WatchEvent<T> event) throws KubeException {
        switch (event) {
            case WatchEvent.Put<T>(DecodedObject<T> object) -> {
                store.put(object.key(), object.value());
                advance(object.meta().resourceVersion());
            }
            case WatchEvent.Removed<T>(DecodedObject<T> object) -> {
                store.remove(object.key());
                advance(object.meta().resourceVersion());
            }
            case WatchEvent.Bookmark<T>(String version) -> advance(version);
            case WatchEvent.Failed<T>(ApiStatus error) ->
                throw new KubeApiException(
                        "watch of " + kind.name(), error.code(), error.reason(), error.message(), Duration.ZERO);
            case WatchEvent.Unknown<T>(String type) ->
                throw new KubeFormatException("watch event of type '" + type + "'", null);
        }
    }

    private void advance(String version) throws KubeFormatException {
        if (version.isEmpty()) {
            throw new KubeFormatException("watch event without resourceVersion", null);
        }
        resourceVersion = version;
        status = status.event(time.now());
    }

    /** Decides what follows a failure: how long to wait, and whether what is known of the server still holds. */
    private Duration failed(KubeException failure, boolean progressed) {
        if (Thread.currentThread().isInterrupted()) {
            return Duration.ZERO;
        }
        if (progressed) {
            status = status.well();
        }
        boolean listing = mustList;
        Duration pause = Duration.ZERO;
        switch (failure) {
            case KubeApiException e -> {
                pause = e.retryAfter();
                if (e.isGone()) {
                    // While listing: the continue token expired; a list of the latest state takes a new one.
                    latest |= listing;
                    mustList = true;
                } else if (e.isTooLargeResourceVersion() || !(e.isTransient() || e.isAuthentication())) {
                    latest = true;
                    mustList = true;
                }
            }
            case KubeFormatException e -> {
                client.distrustServer();
                // Once may be a broken connection; twice from the same place will be so for ever.
                mustList |= !progressed && status.failuresInARow() > 0;
            }
            case KubeUnreachableException e -> {
                if (!progressed) {
                    client.distrustServer();
                }
            }
        }
        status = status.failed(String.valueOf(failure.getMessage()));
        LOG.warn(
                listing ? "list failed; keeping what is known" : "watch broke; keeping what is known",
                "kind",
                kind.name(),
                "failures",
                status.failuresInARow(),
                "error",
                status.lastError());
        Duration backoff = options.backoff().delay(status.failuresInARow(), random);
        Duration asked = pause.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : pause;
        return asked.compareTo(backoff) > 0 ? asked : backoff;
    }
}
