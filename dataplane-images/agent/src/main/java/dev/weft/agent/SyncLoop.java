package dev.weft.agent;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The one thread that owns the writes of a subsystem. Triggers gather while it runs or rests; it runs a {@link SyncTask}
 * for all of them at once, again after a failure, and now and then to find what someone else changed. Nothing the task
 * throws ends it.
 */
public final class SyncLoop implements AutoCloseable {
    private final String name;
    private final SyncTask task;
    private final TimeSource time;
    private final Log log;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private final SyncSchedule schedule;
    private boolean closed;
    private boolean running;
    private long runningSince;

    private volatile SyncStatus status = SyncStatus.NEW;

    /** @param name for the log and the thread, such as {@code routes} */
    public SyncLoop(String name, SyncTiming timing, SyncTask task) {
        this(name, timing, task, TimeSource.system(), RandomGenerator.getDefault());
    }

    public SyncLoop(String name, SyncTiming timing, SyncTask task, TimeSource time, RandomGenerator random) {
        this.name = name;
        this.task = task;
        this.time = time;
        this.log = Log.of(name);
        this.schedule = new SyncSchedule(timing, random, time.nanos());
        this.thread = Thread.ofPlatform().daemon().name("sync-" + name).unstarted(this::run);
    }

    /** Starts the thread, which runs the task at once; to be called once. */
    public void start() {
        thread.start();
    }

    /** Asks for a run. Never blocks, any thread, also from within the task. */
    public void trigger(String reason) {
        trigger(reason, false);
    }

    /** Asks for a run that trusts nothing remembered. */
    public void triggerFull(String reason) {
        trigger(reason, true);
    }

    private void trigger(String reason, boolean full) {
        lock.lock();
        try {
            if (full) {
                schedule.triggerFull(reason);
            } else {
                schedule.trigger(reason);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public SyncStatus status() {
        return status;
    }

    /** For {@code /healthz}: fails if the thread ended, or a single run takes longer than the bound. */
    public Check liveness(Duration bound) {
        lock.lock();
        try {
            if (closed || thread.getState() == Thread.State.NEW) {
                return Check.good();
            }
            if (!thread.isAlive()) {
                return Check.bad("thread ended");
            }
            Duration took = running ? time.since(runningSince) : Duration.ZERO;
            return took.compareTo(bound) <= 0
                    ? Check.good()
                    : Check.bad("a run takes " + took.toSeconds() + " s, more than " + bound.toSeconds() + " s");
        } finally {
            lock.unlock();
        }
    }

    /** For {@code /readyz}: holds once a run succeeded, and while the latest one did. */
    public Check readiness() {
        SyncStatus now = status;
        if (now.failuresInARow() > 0) {
            return Check.bad(now.lastError());
        }
        return now.lastSuccess().isPresent() ? Check.good() : Check.bad("not done yet");
    }

    /** Ends the loop after the run in progress, for which it waits up to 5 s; then interrupts it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (thread.getState() != Thread.State.NEW && !thread.join(Duration.ofSeconds(5))) {
                log.warn("run in progress is interrupted");
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (awaitDue()) {
            runIfDue();
        }
    }

    /** Waits until a run is due; false when the loop is closed. */
    private boolean awaitDue() {
        lock.lock();
        try {
            while (!closed) {
                long wait = schedule.untilDue(time.nanos());
                if (wait <= 0) {
                    return true;
                }
                try {
                    changed.awaitNanos(wait);
                } catch (InterruptedException e) {
                    // Only close() ends the loop; a stray interrupt of a task's helper does not.
                    log.debug("interrupt ignored");
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** One turn of the loop; false if nothing was due. */
    boolean runIfDue() {
        SyncRequest request;
        long began = time.nanos();
        lock.lock();
        try {
            if (schedule.untilDue(began) > 0) {
                return false;
            }
            request = schedule.begin(began);
            running = true;
            runningSince = began;
        } finally {
            lock.unlock();
        }
        try {
            task.sync(request);
            succeeded(request, began);
        } catch (
                Throwable
                        e) { // Even an Error must not end the only writer; -XX:+ExitOnOutOfMemoryError sees to memory.
            failed(request, e);
        }
        return true;
    }

    private void succeeded(SyncRequest request, long began) {
        int failuresBefore = status.failuresInARow();
        finish(() -> schedule.succeeded(request, time.nanos()));
        status = status.succeeded(time.now());
        if (failuresBefore > 0) {
            log.info("works again", "failures", failuresBefore);
        }
        if (log.isDebug()) {
            log.debug("synced", "full", request.full(), "for", request.reasons(), "took", time.since(began));
        }
    }

    private void failed(SyncRequest request, Throwable failure) {
        Duration[] pause = {Duration.ZERO};
        finish(() -> pause[0] = schedule.failed(request, time.nanos()));
        String error = LogLine.chain(failure);
        boolean same = error.equals(status.lastError());
        status = status.failed(time.now(), error);
        if (!isWorthALine(status.failuresInARow(), same)) {
            return;
        }
        log.warn(
                "sync failed",
                failure,
                "for",
                request.reasons(),
                "failures",
                status.failuresInARow(),
                "retryInMs",
                pause[0].toMillis());
    }

    /** One failure that repeats says less each time: its lines come at the first, second, fourth, eighth ... time. */
    static boolean isWorthALine(int failuresInARow, boolean same) {
        return !same || Integer.bitCount(failuresInARow) == 1;
    }

    private void finish(Runnable update) {
        lock.lock();
        try {
            running = false;
            update.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "SyncLoop " + name;
    }
}
