package dev.weft.kube;

import dev.weft.agent.Backoff;
import dev.weft.agent.Log;
import dev.weft.agent.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * Writes Events, few and never at the caller's cost: {@link #record} does not block, repetitions are gathered, and while
 * the API server is away what does not fit a bounded queue is dropped and counted. Its thread exists only while there is
 * something to write.
 *
 * <p>Needs {@code create} and {@code patch} of {@code events.k8s.io/events}, in {@code default} for Nodes.
 */
public final class EventRecorder implements AutoCloseable {
    private static final Log LOG = Log.of("events");
    private static final int QUEUE = 100;
    private static final int ATTEMPTS = 4;

    private final KubeClient client;
    private final String controller;
    private final String instance;
    private final TimeSource time;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final EventAggregator aggregator = new EventAggregator();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final ThreadPoolExecutor executor;

    /**
     * @param controller who reports, a qualified name such as {@code weft.dev/node}
     * @param instance which one of them, the pod's name; not empty, at most 128 bytes
     */
    public EventRecorder(KubeClient client, String controller, String instance) {
        this(
                client,
                controller,
                instance,
                TimeSource.system(),
                new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15)),
                RandomGenerator.getDefault());
    }

    EventRecorder(
            KubeClient client,
            String controller,
            String instance,
            TimeSource time,
            Backoff backoff,
            RandomGenerator random) {
        this.client = client;
        this.controller = controller;
        this.instance = instance;
        this.time = time;
        this.backoff = backoff;
        this.random = random;
        this.executor = new ThreadPoolExecutor(
                0,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                Thread.ofPlatform().daemon().name("kube-events").factory(),
                (task, pool) -> dropped.increment());
    }

    /** Takes note of an occurrence, now. Any thread; never blocks, never throws. */
    public void record(EventNote note) {
        Instant at = time.now();
        executor.execute(() -> deliver(note, at));
    }

    /** Events and series updates the API server took. */
    public long written() {
        return written.sum();
    }

    /** Occurrences that were lost because the API server was away or refused; repetitions are not counted. */
    public long dropped() {
        return dropped.sum();
    }

    /** Gives what is queued up to 2 s, then ends. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
                closed.countDown();
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            closed.countDown();
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(EventNote note, Instant at) {
        Optional<EventAggregator.Write> write = aggregator.decide(note, at);
        if (write.isEmpty()) {
            return;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                send(write.get());
                written.increment();
                return;
            } catch (KubeException e) {
                if (attempt == ATTEMPTS || !mayPass(e) || stopsDuring(backoff.delay(attempt, random))) {
                    aggregator.forget(note);
                    dropped.increment();
                    LOG.warn("event dropped", e, "reason", note.reason(), "note", note.note());
                    return;
                }
            }
        }
    }

    private void send(EventAggregator.Write write) throws KubeException {
        String collection =
                "/apis/events.k8s.io/v1/namespaces/" + write.note().regarding().eventNamespace() + "/events";
        switch (write) {
            case EventAggregator.Write.Create(EventNote note, String name, Instant at) ->
                create(collection, EventJson.create(note, name, at, 1, at, controller, instance));
            case EventAggregator.Write.Repeat(EventNote note, String name, Instant first, int count, Instant last) -> {
                try {
                    client.mergePatch(collection + "/" + name, EventJson.repeat(count, last));
                } catch (KubeApiException e) {
                    if (!e.isNotFound()) {
                        throw e;
                    }
                    // Events live for an hour; a series can outlive its Event.
                    create(collection, EventJson.create(note, name, first, count, last, controller, instance));
                }
            }
        }
    }

    private void create(String collection, String json) throws KubeException {
        try {
            client.create(collection, json);
        } catch (KubeApiException e) {
            // Written by an attempt whose answer was lost.
            if (!e.isConflict()) {
                throw e;
            }
        }
    }

    private static boolean mayPass(KubeException failure) {
        return switch (failure) {
            case KubeApiException e -> e.isTransient();
            case KubeUnreachableException e -> true;
            case KubeFormatException e -> false;
        };
    }

    private boolean stopsDuring(Duration pause) {
        try {
            return closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
