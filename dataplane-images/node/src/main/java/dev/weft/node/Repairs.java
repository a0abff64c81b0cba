package dev.weft.node;

import dev.weft.config.NodeStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest things that someone else changed and the agent put back. For several threads. */
final class Repairs {
    /** As many as a status has room for. */
    private static final int KEPT = 20;

    private final Deque<NodeStatus.Repair> latest = new ArrayDeque<>();
    private long count;

    synchronized void add(Instant at, String what) {
        latest.addLast(new NodeStatus.Repair(at, what));
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
        count++;
    }

    /** Newest last. */
    synchronized List<NodeStatus.Repair> latest() {
        return List.copyOf(latest);
    }

    /** All since the process started. */
    synchronized long count() {
        return count;
    }
}
