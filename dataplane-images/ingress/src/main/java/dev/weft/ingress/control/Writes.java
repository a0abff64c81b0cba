package dev.weft.ingress.control;

import dev.weft.agent.Backoff;
import dev.weft.agent.Log;
import dev.weft.agent.TimeSource;
import dev.weft.kube.KubeApiException;
import dev.weft.kube.KubeException;
import dev.weft.kube.KubeUnreachableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Writes objects side by side, each by itself: one that is slow or fails holds up no other. An object is written once at a
 * time; what failed is tried again after a pause of its own, at once if something else is wanted of it by then.
 */
final class Writes implements AutoCloseable {
    private static final Log LOG = Log.of("control");
    private static final int BESIDE_EACH_OTHER = 8;

    /** After an answer that may be another one soon. */
    private static final Backoff SOON = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

    /** After a refusal: what it is about may be had later, such as an address that somebody else has now. */
    private static final Backoff LATER = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1));

    private static final Duration LONGEST_ASKED_FOR = Duration.ofMinutes(1);

    /** How long a failure is remembered of which nothing more is heard. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(5);

    /** How it went. */
    enum Outcome {
        DONE,
        /** As it is it cannot be had; perhaps later. */
        REFUSED
    }

    /** A write. */
    interface Work {
        /** Blocks; what it throws may pass. */
        Outcome run() throws KubeException;
    }

    private record Failed(Object wanted, int failures, long due) {}

    private final BooleanSupplier may;
    private final Runnable again;
    private final TimeSource time;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            BESIDE_EACH_OTHER, Thread.ofPlatform().daemon().name("control-", 0).factory());

    // Guarded by this.
    private final Set<Object> underWay = new HashSet<>();
    private final Set<Object> wantedMeanwhile = new HashSet<>();
    private final Map<Object, Failed> failed = new HashMap<>();
    private int unreachable;
    private long resumes;

    /**
     * @param may whether anything may be written now; asked before each write
     * @param again called when what was not written can be: quick, any thread
     */
    Writes(BooleanSupplier may, Runnable again, TimeSource time) {
        this.may = may;
        this.again = again;
        this.time = time;
        this.resumes = time.nanos();
    }

    /**
     * Writes an object, unless that is under way or has to wait; {@code again} is called when that is over.
     *
     * @param object names it
     * @param wanted what it is written for: if that is another thing than what failed, it does not wait
     */
    synchronized void submit(Object object, Object wanted, Work work) {
        if (underWay.contains(object)) {
            wantedMeanwhile.add(object);
            return;
        }
        long now = time.nanos();
        Failed before = failed.get(object);
        boolean waits =
                before != null && before.due() - now > 0 && before.wanted().equals(wanted);
        if (!waits && resumes - now <= 0) {
            underWay.add(object);
            try {
                executor.execute(() -> carryOut(object, wanted, work));
            } catch (RejectedExecutionException e) {
                underWay.remove(object);
            }
        }
    }

    private void carryOut(Object object, Object wanted, Work work) {
        try {
            if (mayWrite()) {
                if (work.run() == Outcome.DONE) {
                    done(object);
                } else {
                    fails(object, wanted, LATER, Duration.ZERO);
                }
            }
        } catch (KubeApiException e) {
            fails(object, wanted, e.isTransient() ? SOON : LATER, e.retryAfter());
            LOG.warn("not written, tried again later", e, "object", object);
        } catch (KubeUnreachableException e) {
            pause();
            LOG.warn("not written, tried again later", e, "object", object);
        } catch (KubeException e) {
            fails(object, wanted, SOON, Duration.ZERO);
            LOG.warn("not written, tried again later", e, "object", object);
        } catch (RuntimeException e) {
            fails(object, wanted, LATER, Duration.ZERO);
            LOG.error("a write ended in an unforeseen way", e, "object", object);
        } finally {
            ended(object);
        }
    }

    private synchronized boolean mayWrite() {
        return resumes - time.nanos() <= 0 && may.getAsBoolean();
    }

    private synchronized void done(Object object) {
        failed.remove(object);
        unreachable = 0;
    }

    private synchronized void fails(Object object, Object wanted, Backoff backoff, Duration asked) {
        long now = time.nanos();
        Failed before = failed.get(object);
        int failures = before != null && before.wanted().equals(wanted) ? before.failures() + 1 : 1;
        Duration pause = longer(backoff.delay(failures, random), asked);
        failed.values().removeIf(each -> now - each.due() > FORGOTTEN.toNanos());
        failed.put(object, new Failed(wanted, failures, now + pause.toNanos()));
        unreachable = 0;
        later(pause);
    }

    /** Nobody answers: the others need not be tried one by one. */
    private synchronized void pause() {
        long now = time.nanos();
        if (resumes - now <= 0) {
            Duration pause = SOON.delay(++unreachable, random);
            resumes = now + pause.toNanos();
            later(pause);
        }
    }

    private static Duration longer(Duration own, Duration asked) {
        Duration bounded = asked.compareTo(LONGEST_ASKED_FOR) > 0 ? LONGEST_ASKED_FOR : asked;
        return bounded.compareTo(own) > 0 ? bounded : own;
    }

    private void later(Duration pause) {
        if (!executor.isShutdown()) {
            // A little later than it is due, so that it is due then.
            var _ = executor.schedule(again, pause.toNanos() + 1_000_000, TimeUnit.NANOSECONDS);
        }
    }

    private void ended(Object object) {
        boolean more;
        synchronized (this) {
            underWay.remove(object);
            more = wantedMeanwhile.remove(object);
        }
        if (more) {
            again.run();
        }
    }

    /** Ends; what is under way is broken off. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
