package dev.weft.cni.pod;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.route.Change;
import dev.weft.linux.route.LinkChange;
import dev.weft.linux.route.Outcome;
import dev.weft.linux.route.Rtnetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Removes links, those that several threads ask for at once together: the kernel waits for RCU grace periods, tens of
 * milliseconds with the RTNL lock held, once for each removal, and a removal may be that of a whole group of links
 * ({@code ip link del group}). When a node is drained that is the difference between a second and a moment.
 */
final class LinkRemover {
    /** "weft" in ASCII; links get into this group only to be removed. */
    private static final int GROUP = 0x77656674;

    private final Rtnetlink host;
    private final ConcurrentLinkedQueue<Removal> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();

    LinkRemover(Rtnetlink host) {
        this.host = host;
    }

    private record Removal(String name, CompletableFuture<Optional<LinuxException>> outcome) {}

    /**
     * Removes a link and waits until it is gone. One that is not there is fine.
     *
     * @throws LinuxException if the kernel refuses
     */
    void remove(String name) {
        Removal removal = new Removal(name, new CompletableFuture<>());
        waiting.add(removal);
        turn.lock();
        try {
            if (!removal.outcome().isDone()) {
                removeAll(takeWaiting());
            }
        } finally {
            turn.unlock();
        }
        Optional<LinuxException> failure = removal.outcome().join();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private List<Removal> takeWaiting() {
        List<Removal> batch = new ArrayList<>();
        for (Removal next = waiting.poll(); next != null; next = waiting.poll()) {
            batch.add(next);
        }
        return batch;
    }

    private void removeAll(List<Removal> batch) {
        try {
            List<Change> changes = new ArrayList<>();
            batch.forEach(removal ->
                    changes.add(LinkChange.of(removal.name()).group(GROUP).change()));
            changes.add(LinkChange.deleteGroup(GROUP));
            List<Outcome> outcomes = host.attempt(changes);
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).outcome().complete(failure(outcomes.get(i), outcomes.getLast()));
            }
        } catch (LinuxException e) {
            batch.forEach(removal -> removal.outcome().complete(Optional.of(e)));
        } finally {
            batch.forEach(removal -> removal.outcome()
                    .complete(Optional.of(new LinuxException(Errno.EIO, "RTM_DELLINK", "remove " + removal.name()))));
        }
    }

    private static Optional<LinuxException> failure(Outcome grouping, Outcome deletion) {
        if (grouping.errno() == Errno.ENODEV) {
            return Optional.empty(); // it is not there
        }
        Outcome failed = grouping.done() ? deletion : grouping;
        return failed.done() ? Optional.empty() : Optional.of(failed.refusal());
    }
}
