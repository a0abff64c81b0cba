package dev.weft.ingress.proxy.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of an event loop, as a wheel: to set and to clear one are a few stores, where the loop's own queue of timers
 * costs a heap operation and an object for each request. They fire up to a tick late. Nothing ticks while none is set.
 */
public final class Deadlines {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int SLOTS = 1024;

    private final EventLoop loop;
    private final Deadline[] wheel = new Deadline[SLOTS];
    private long tick;
    private int set;
    private boolean ticking;

    public Deadlines(EventLoop loop) {
        this.loop = loop;
        for (int slot = 0; slot < SLOTS; slot++) {
            wheel[slot] = new Deadline(this, () -> {});
        }
        tick = System.nanoTime() / TICK;
    }

    /** One that is not set yet; fires on the loop's thread. */
    public Deadline deadline(Runnable action) {
        return new Deadline(this, action);
    }

    void link(Deadline deadline, long dueTick) {
        if (!ticking) {
            ticking = true;
            tick = System.nanoTime() / TICK;
            schedule();
        }
        set++;
        // Never into the slot that is being emptied.
        long at = Math.max(dueTick, tick + 1);
        deadline.slotTick = Math.min(at, tick + SLOTS - 1);
        deadline.link(wheel[(int) (deadline.slotTick & (SLOTS - 1))]);
    }

    void unlinked() {
        set--;
    }

    static long tickOf(long nanos) {
        return nanos / TICK + 1;
    }

    private void schedule() {
        loop.schedule(this::turn, TICK, TimeUnit.NANOSECONDS);
    }

    private void turn() {
        long now = System.nanoTime() / TICK;
        while (tick < now) {
            tick++;
            fire(wheel[(int) (tick & (SLOTS - 1))]);
        }
        if (set > 0) {
            schedule();
        } else {
            ticking = false;
        }
    }

    private void fire(Deadline head) {
        @Nullable Deadline late = null;
        for (Deadline next = head.next; next != head; ) {
            Deadline deadline = next;
            next = next.next;
            if (deadline.slotTick > tick) {
                continue;
            }
            deadline.unlink();
            set--;
            if (deadline.dueTick > tick) {
                link(deadline, deadline.dueTick);
            } else {
                // Gathered first: an action may set and clear others of this slot.
                deadline.fired = late;
                late = deadline;
            }
        }
        while (late != null) {
            Deadline deadline = late;
            late = deadline.fired;
            deadline.fired = null;
            if (deadline.expired()) {
                deadline.run();
            }
        }
    }
}
