package dev.weft.cni.pod;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkResult;
import dev.weft.linux.NetlinkSocket;
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

    private final NetlinkSocket host;
    private final ConcurrentLinkedQueue<Removal> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();

    LinkRemover(NetlinkSocket host) {
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
            List<NetlinkMessage> messages = new ArrayList<>();
            batch.forEach(removal -> messages.add(LinkMessages.setGroup(removal.name(), GROUP)));
            messages.add(LinkMessages.deleteGroup(GROUP));
            List<NetlinkResult> results = host.request(messages);
            NetlinkResult deletion = results.getLast();
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).outcome().complete(failure(batch.get(i).name(), results.get(i), deletion));
            }
        } catch (LinuxException e) {
            batch.forEach(removal -> removal.outcome().complete(Optional.of(e)));
        } finally {
            batch.forEach(removal -> removal.outcome()
                    .complete(Optional.of(new LinuxException(Errno.EIO, "RTM_DELLINK", tried(removal.name())))));
        }
    }

    private static Optional<LinuxException> failure(String name, NetlinkResult grouping, NetlinkResult deletion) {
        if (grouping.errno() == Errno.ENODEV) {
            return Optional.empty(); // it is not there
        }
        NetlinkResult failed = grouping.ok() ? deletion : grouping;
        return failed.ok()
                ? Optional.empty()
                : Optional.of(new LinuxException(
                        failed.errno(),
                        grouping.ok() ? "RTM_DELLINK" : "RTM_SETLINK",
                        tried(name),
                        failed.answer().text()));
    }

    private static String tried(String name) {
        return "remove pod link " + name;
    }
}
