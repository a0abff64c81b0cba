package dev.weft.operator;

import dev.weft.config.NodeStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What the operator itself put back lately. For several threads. */
final class LatestRepairs {
    private static final int KEPT = 20;

    private final Deque<NodeStatus.Repair> latest = new ArrayDeque<>();

    synchronized void add(Instant at, String what) {
        latest.addLast(new NodeStatus.Repair(at, what));
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
    }

    /** Newest first. */
    synchronized List<NodeStatus.Repair> since(Instant from) {
        return latest.reversed().stream().filter(r -> r.at().isAfter(from)).toList();
    }
}
