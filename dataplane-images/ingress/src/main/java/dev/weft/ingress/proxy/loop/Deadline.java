package dev.weft.ingress.proxy.loop;

import org.jspecify.annotations.Nullable;

/** Something to do unless it is cleared before. Of one event loop, used again and again. */
public final class Deadline {
    private final Deadlines wheel;
    private final Runnable action;
    private boolean linked;
    private boolean wanted;
    long dueTick;
    long slotTick;
    Deadline prev = this;
    Deadline next = this;

    @Nullable
    Deadline fired;

    Deadline(Deadlines wheel, Runnable action) {
        this.wheel = wheel;
        this.action = action;
    }

    /** Sets it, or moves it. */
    public void set(long nanosFromNow) {
        setAt(System.nanoTime() + nanosFromNow);
    }

    /** @param nanos as of {@link System#nanoTime} */
    public void setAt(long nanos) {
        wanted = true;
        dueTick = Deadlines.tickOf(nanos);
        if (linked && slotTick <= dueTick) {
            // Looked at when its slot comes, and moved on then: most are cleared before.
            return;
        }
        if (linked) {
            unlink();
            wheel.unlinked();
        }
        wheel.link(this, dueTick);
    }

    /** Forgets it. */
    public void clear() {
        wanted = false;
        dueTick = Long.MAX_VALUE;
        if (linked) {
            unlink();
            wheel.unlinked();
        }
    }

    public boolean isSet() {
        return wanted;
    }

    boolean expired() {
        return wanted && !linked;
    }

    void run() {
        wanted = false;
        action.run();
    }

    void link(Deadline head) {
        linked = true;
        prev = head.prev;
        next = head;
        prev.next = this;
        head.prev = this;
    }

    void unlink() {
        linked = false;
        prev.next = next;
        next.prev = prev;
        prev = this;
        next = this;
    }
}
