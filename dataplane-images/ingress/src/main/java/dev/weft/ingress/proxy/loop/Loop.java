package dev.weft.ingress.proxy.loop;

import dev.weft.ingress.proxy.http.Bytes;
import dev.weft.ingress.proxy.http.Dates;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What an event loop has of its own. Touched by its thread only. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails ends the connection, and is heard of there.
public final class Loop {
    /** Something with bytes that wait to be sent. */
    public interface Flushable {
        void flushNow();
    }

    private final int index;
    private final EventLoop eventLoop;
    private final Deadlines deadlines;
    private final Bytes scratch = new Bytes();
    private final Dates dates = new Dates();
    private final SplittableRandom random;
    private List<Flushable> dirty = new ArrayList<>();
    private List<Flushable> flushing = new ArrayList<>();
    private final List<Flushable> shared = new ArrayList<>();
    private boolean reading;
    private boolean scheduled;
    private boolean sharedScheduled;
    private boolean busy;

    /** @param index from 0 */
    public Loop(int index, EventLoop eventLoop, SplittableRandom random) {
        this.index = index;
        this.eventLoop = eventLoop;
        this.random = random;
        this.deadlines = new Deadlines(eventLoop);
    }

    public int index() {
        return index;
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    public Deadlines deadlines() {
        return deadlines;
    }

    /** Used up before anything else is called. */
    public Bytes scratch() {
        return scratch;
    }

    public Dates dates() {
        return dates;
    }

    public SplittableRandom random() {
        return random;
    }

    /** A channel of this loop begins to be read; {@link #readComplete} follows. */
    public void reading() {
        reading = true;
    }

    /** Sends all that was written meanwhile: one system call for each connection, however many pieces there are. */
    public void readComplete() {
        reading = false;
        flush();
    }

    /** Something is to be flushed soon; said once until it is. */
    public void dirty(Flushable flushable) {
        dirty.add(flushable);
        if (!reading && !scheduled) {
            scheduled = true;
            eventLoop.execute(() -> {
                scheduled = false;
                flush();
            });
        }
    }

    /**
     * As {@link #dirty}, for a connection that carries many requests: flushed when all channels that have something were
     * read, so that what several of them brought is one system call and one record of TLS.
     */
    public void dirtyShared(Flushable flushable) {
        shared.add(flushable);
        if (!sharedScheduled) {
            sharedScheduled = true;
            // Tasks run behind the channels of a turn.
            eventLoop.execute(() -> {
                sharedScheduled = false;
                dirty.addAll(shared);
                shared.clear();
                flush();
            });
        }
    }

    private void flush() {
        if (busy) {
            return;
        }
        busy = true;
        try {
            while (!dirty.isEmpty()) {
                List<Flushable> now = dirty;
                dirty = flushing;
                flushing = now;
                for (int i = 0; i < now.size(); i++) {
                    now.get(i).flushNow();
                }
                now.clear();
            }
        } finally {
            busy = false;
            flushing.clear();
        }
    }
}
