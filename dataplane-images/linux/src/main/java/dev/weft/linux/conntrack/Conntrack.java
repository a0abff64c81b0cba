package dev.weft.linux.conntrack;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkResult;
import dev.weft.linux.NetlinkSocket;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads, marks and deletes entries of connection tracking in the namespace where it was opened. For several threads. */
public final class Conntrack implements AutoCloseable {
    private static final int BATCH = 500;

    private final NetlinkSocket socket;
    /** Lists are read from another, so that entries can be changed while they are. */
    private final NetlinkSocket lists;

    private Conntrack() {
        this.socket = NetlinkSocket.open(NetlinkSocket.Protocol.NETFILTER);
        try {
            this.lists = NetlinkSocket.open(NetlinkSocket.Protocol.NETFILTER);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * In the calling thread's network namespace.
     *
     * @throws LinuxException if there is no such socket to be had
     */
    public static Conntrack open() {
        return new Conntrack();
    }

    /**
     * In a network namespace.
     *
     * @throws LinuxException if there is no such socket to be had
     */
    public static Conntrack openIn(Netns netns) {
        return netns.call(Conntrack::new);
    }

    /**
     * The entries of a family and protocol that are wanted.
     *
     * @param protocol IP protocol number
     * @throws LinuxException if they cannot be listed
     */
    public List<Flow> flows(Family family, int protocol, Predicate<Flow> wanted) {
        Set<Flow> flows = new LinkedHashSet<>();
        forEach(family, protocol, some -> some.stream().filter(wanted).forEach(flows::add));
        return List.copyOf(flows);
    }

    /**
     * Gives on the entries of a family and protocol as they are read; entries may be changed meanwhile. The kernel looks at
     * its whole table, whatever it is asked for: 50 ms of a processor for 300,000 entries.
     *
     * @param protocol IP protocol number
     * @param to takes those of one read, some hundreds; some may come twice
     * @throws LinuxException if they cannot be listed
     */
    public void forEach(Family family, int protocol, Consumer<List<Flow>> to) {
        lists.dump(
                Flow.get(family, protocol),
                messages -> to.accept(messages.stream()
                        .map(Flow::decode)
                        .flatMap(Optional::stream)
                        // Kernels before 5.8 know no filter and send all of the family's.
                        .filter(flow -> flow.original().protocol() == protocol)
                        .toList()));
    }

    /**
     * Deletes entries; one that has ended meanwhile is no failure.
     *
     * @return how many were still there
     * @throws LinuxException if the kernel refuses one; the others of its batch are deleted
     */
    public int delete(Collection<Flow> flows) {
        return send(flows.stream().map(Flow::delete).toList(), "IPCTNL_MSG_CT_DELETE", "delete of a conntrack entry");
    }

    /**
     * Sets bits of the entries' marks, and leaves the other bits alone; an entry that has ended meanwhile is no failure.
     *
     * @param bits what they become
     * @param mask which ones
     * @return how many were still there
     * @throws LinuxException if the kernel refuses one; the others of its batch are marked
     */
    public int mark(Collection<Flow> flows, int bits, int mask) {
        return send(
                flows.stream().map(flow -> flow.setMark(bits, mask)).toList(),
                "IPCTNL_MSG_CT_NEW",
                "mark of a conntrack entry");
    }

    private int send(List<NetlinkMessage> messages, String call, String tried) {
        int done = 0;
        for (int from = 0; from < messages.size(); from += BATCH) {
            List<NetlinkMessage> batch = messages.subList(from, Math.min(from + BATCH, messages.size()));
            for (NetlinkResult result : socket.request(batch)) {
                if (result.ok()) {
                    done++;
                } else if (result.errno() != Errno.ENOENT) {
                    throw new LinuxException(result.errno(), call, tried);
                }
            }
        }
        return done;
    }

    @Override
    public void close() {
        socket.close();
        lists.close();
    }
}
