package dev.weft.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A netlink socket (netlink(7)). It belongs to the network namespace in which it was opened, whatever thread uses it.
 * Threads may share it; they take turns. A socket is either for requests and dumps or, after {@link #join}, for
 * notifications.
 */
public final class NetlinkSocket implements AutoCloseable {
    /** A netlink family ({@code NETLINK_*}, linux/netlink.h). */
    public enum Protocol {
        ROUTE(0),
        NETFILTER(12),
        GENERIC(16);

        private final int number;

        Protocol(int number) {
            this.number = number;
        }
    }

    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;

    private static final int NFNL_MSG_BATCH_BEGIN = 0x10;
    private static final int NFNL_MSG_BATCH_END = 0x11;

    /** Acknowledgements of this many messages fit in the receive buffer (about 1280 bytes of it each). */
    private static final int MAX_ACKS = 512;

    private static final int DEFAULT_RECEIVE_BYTES = 1 << 20;
    private static final int DUMP_ATTEMPTS = 20;

    /** The kernel answers dumps at once; without an answer for so long something is broken. */
    private static final int DUMP_TIMEOUT_MILLIS = 10_000;

    private final NetlinkIo io;
    private final Protocol protocol;
    private final ReentrantLock lock = new ReentrantLock();
    private int sequence;
    private boolean joined;
    private int sendBytes;

    private NetlinkSocket(Protocol protocol) {
        this.protocol = protocol;
        this.io = NetlinkIo.open(protocol.number, protocol.name());
        try {
            setUp();
        } catch (RuntimeException e) {
            io.close();
            throw e;
        }
    }

    private void setUp() {
        io.setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
        io.setOption(SOL_NETLINK, NETLINK_CAP_ACK, 1);
        if (protocol == Protocol.ROUTE) {
            // The kernel checks dump requests and filters by their header (since 4.20).
            io.setOption(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
        }
        io.setOption(SOL_SOCKET, SO_RCVBUFFORCE, DEFAULT_RECEIVE_BYTES);
    }

    /**
     * Opens a socket in the calling thread's network namespace.
     *
     * @throws LinuxException as {@code socket(2)}; EPERM without CAP_NET_ADMIN
     */
    public static NetlinkSocket open(Protocol protocol) {
        return new NetlinkSocket(protocol);
    }

    /**
     * Opens a socket in another network namespace.
     *
     * @throws LinuxException if the namespace cannot be entered, or as {@link #open}
     */
    public static NetlinkSocket openIn(Netns netns, Protocol protocol) {
        return netns.call(() -> open(protocol));
    }

    /**
     * Sends the messages and collects the answers. Nothing is thrown for a message that the kernel refuses: look at its
     * result.
     *
     * <p>Route and generic messages are independent of each other and go in as few {@code sendmsg} as fit; messages after
     * a refused one are done all the same. Netfilter messages that begin with NFNL_MSG_BATCH_BEGIN go in one
     * {@code sendmsg}, however long, and are done all or none: if the kernel objects to one, nothing has changed, and
     * the results of the others say nothing.
     *
     * @return one result for each message, in their order
     * @throws LinuxException if sending fails, or ENOBUFS if answers were lost, so that what was done is not known
     * @throws NetlinkFormatException if an answer cannot be read
     */
    public List<NetlinkResult> request(List<NetlinkMessage> messages) {
        lock.lock();
        try {
            forRequests();
            if (messages.isEmpty()) {
                return List.of();
            }
            if (protocol == Protocol.NETFILTER && messages.getFirst().type() == NFNL_MSG_BATCH_BEGIN) {
                return requestBatch(messages);
            }
            List<NetlinkResult> results = new ArrayList<>(messages.size());
            int from = 0;
            while (from < messages.size()) {
                int to = chunkEnd(messages, from);
                results.addAll(requestEach(messages.subList(from, to)));
                from = to;
            }
            return results;
        } finally {
            lock.unlock();
        }
    }

    /** Sends one message: see {@link #request(List)}. */
    public NetlinkResult request(NetlinkMessage message) {
        return request(List.of(message)).getFirst();
    }

    private static int chunkEnd(List<NetlinkMessage> messages, int from) {
        long bytes = NetlinkFrame.aligned(messages.get(from).length());
        int to = from + 1;
        while (to < messages.size() && to - from < MAX_ACKS) {
            bytes += NetlinkFrame.aligned(messages.get(to).length());
            if (bytes > NetlinkBuffers.SEND_BYTES) {
                break;
            }
            to++;
        }
        return to;
    }

    private List<NetlinkResult> requestEach(List<NetlinkMessage> messages) {
        NetlinkAnswers answers = new NetlinkAnswers(sequence + 1, messages.size());
        send(messages, NetlinkMessage.NLM_F_ACK, -1);
        collect(answers);
        if (answers.missing()) {
            throw lost(messages.size());
        }
        return answers.results();
    }

    /**
     * Acknowledgements of thousands of messages would run over the receive buffer, so only the last change asks for one;
     * errors come unasked, and the one of a failed commit names NFNL_MSG_BATCH_BEGIN (nfnetlink_rcv_batch).
     */
    private List<NetlinkResult> requestBatch(List<NetlinkMessage> messages) {
        int last = messages.size() - 1;
        while (last > 0 && messages.get(last).type() == NFNL_MSG_BATCH_END) {
            last--;
        }
        NetlinkAnswers answers = new NetlinkAnswers(sequence + 1, messages.size());
        send(messages, 0, last);
        collect(answers);
        if (last > 0 && !answers.answered(last) && !answers.refused()) {
            throw lost(messages.size());
        }
        return answers.results();
    }

    private LinuxException lost(int messages) {
        return new LinuxException(
                Errno.ENOBUFS, "recvmsg", "read the answers to " + messages + " " + protocol + " messages");
    }

    /** The kernel answers requests before {@code sendmsg} returns, so all there is to read is there. */
    private void collect(NetlinkAnswers answers) {
        while (true) {
            switch (io.receive(0)) {
                case NetlinkIo.Data data -> data.frames().forEach(answers::add);
                case NetlinkIo.Failure failure when failure.errno() == Errno.ENOBUFS -> {}
                case NetlinkIo.Failure failure -> throw failure.exception("read netlink answers");
                case NetlinkIo.Nothing() -> {
                    return;
                }
            }
        }
    }

    /** Sends messages with sequence numbers that follow; {@code ackOnly} is the one that gets NLM_F_ACK, -1 for none. */
    private void send(List<NetlinkMessage> messages, int flags, int ackOnly) {
        long bytes = 0;
        for (NetlinkMessage message : messages) {
            bytes += NetlinkFrame.aligned(message.length());
        }
        // The kernel wants the whole in the socket's send buffer, which it doubles for its own needs.
        if (bytes > NetlinkBuffers.SEND_BYTES && bytes > sendBytes) {
            setSendBuffer(Math.toIntExact(bytes + bytes / 2));
        }
        if (bytes <= NetlinkBuffers.SEND_BYTES) {
            send(io.sendBuffer().asSlice(0, bytes), messages, flags, ackOnly);
        } else {
            try (Arena arena = Arena.ofConfined()) {
                send(arena.allocate(bytes, 8), messages, flags, ackOnly);
            }
        }
    }

    private void send(MemorySegment target, List<NetlinkMessage> messages, int flags, int ackOnly) {
        long at = 0;
        for (int i = 0; i < messages.size(); i++) {
            int all = flags | NetlinkMessage.NLM_F_REQUEST | (i == ackOnly ? NetlinkMessage.NLM_F_ACK : 0);
            at = NetlinkFrame.write(target, at, messages.get(i), all, ++sequence);
        }
        io.send(target, messages.size() + " " + protocol + " messages");
    }

    /**
     * Asks for a whole table and returns its messages. A dump during which the table changed is asked for again.
     *
     * @throws LinuxException if the kernel refuses; EINTR if the table never stood still; ETIMEDOUT without an answer
     * @throws NetlinkFormatException if an answer cannot be read
     */
    public List<NetlinkMessage> dump(NetlinkMessage message) {
        List<NetlinkMessage> all = new ArrayList<>();
        dump(message, all::clear, all::addAll);
        return List.copyOf(all);
    }

    /**
     * As {@link #dump(NetlinkMessage)}, for tables of any size: what each read brings is given on at once. What was given on
     * comes again when the dump is asked for again.
     *
     * @param to takes the messages of one read; it must not use this socket
     */
    public void dump(NetlinkMessage message, Consumer<List<NetlinkMessage>> to) {
        dump(message, () -> {}, to);
    }

    private void dump(NetlinkMessage message, Runnable begin, Consumer<List<NetlinkMessage>> to) {
        lock.lock();
        try {
            forRequests();
            String tried = "dump with type " + message.type() + " of " + protocol;
            for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
                begin.run();
                NetlinkDump dump = new NetlinkDump(sequence + 1, tried, to);
                send(List.of(message), NetlinkMessage.NLM_F_DUMP, -1);
                read(dump, tried);
                if (dump.done() && !dump.interrupted()) {
                    return;
                }
            }
            throw new LinuxException(Errno.EINTR, "recvmsg", tried, "it changed each time it was read");
        } finally {
            lock.unlock();
        }
    }

    /** Reads to the end, or until something was lost. */
    private void read(NetlinkDump dump, String tried) {
        try {
            while (!dump.done()) {
                switch (io.receive(DUMP_TIMEOUT_MILLIS)) {
                    case NetlinkIo.Data data -> dump.addAll(data.frames());
                    case NetlinkIo.Failure failure
                    when failure.errno() == Errno.ENOBUFS -> {
                        return;
                    }
                    case NetlinkIo.Failure failure -> throw failure.exception(tried);
                    case NetlinkIo.Nothing() -> throw new LinuxException(Errno.ETIMEDOUT, "recvmsg", tried);
                }
            }
        } finally {
            if (!dump.done()) {
                // The kernel refuses another dump (EBUSY) while this one has not been read to its end.
                io.drain();
            }
        }
    }

    /**
     * Subscribes to a multicast group ({@code RTNLGRP_*}, {@code NFNLGRP_*}). From then on {@link #receive} only.
     *
     * @throws LinuxException as {@code setsockopt(2)}
     */
    public void join(int group) {
        lock.lock();
        try {
            joined = true;
            io.setOption(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
        } finally {
            lock.unlock();
        }
    }

    /**
     * From now on {@link #receive} only: what earlier requests have asked the kernel to send to this socket.
     */
    public void listen() {
        lock.lock();
        try {
            joined = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for notifications, holding the thread (and the carrier of a virtual one) for up to the time given. The
     * thread's interrupt does not end it, nor does {@link #close}, which waits for it.
     *
     * @param timeout zero looks without waiting; at most about 24 days
     * @throws LinuxException as {@code recvmsg(2)}, but not for ENOBUFS, which is an event
     */
    public NetlinkEvent receive(Duration timeout) {
        lock.lock();
        try {
            if (!joined) {
                throw new IllegalStateException("the socket has joined no group and does not listen");
            }
            return switch (io.receive((int) Math.min(timeout.toMillis(), Integer.MAX_VALUE))) {
                case NetlinkIo.Data data ->
                    new NetlinkEvent.Received(
                            data.frames().stream().map(NetlinkFrame::message).toList());
                case NetlinkIo.Failure failure when failure.errno() == Errno.ENOBUFS -> new NetlinkEvent.Overrun();
                case NetlinkIo.Failure failure -> throw failure.exception("wait for notifications");
                case NetlinkIo.Nothing() -> new NetlinkEvent.Nothing();
            };
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sets the receive buffer (SO_RCVBUFFORCE), 1 MiB by default: notifications that wait, answers to one send.
     *
     * @throws LinuxException EPERM without CAP_NET_ADMIN in the initial user namespace
     */
    public void setReceiveBuffer(int bytes) {
        lock.lock();
        try {
            io.setOption(SOL_SOCKET, SO_RCVBUFFORCE, bytes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sets the send buffer (SO_SNDBUFFORCE). Requests enlarge it themselves.
     *
     * @throws LinuxException EPERM without CAP_NET_ADMIN in the initial user namespace
     */
    public void setSendBuffer(int bytes) {
        lock.lock();
        try {
            io.setOption(SOL_SOCKET, SO_SNDBUFFORCE, bytes);
            sendBytes = bytes;
        } finally {
            lock.unlock();
        }
    }

    private void forRequests() {
        if (joined) {
            throw new IllegalStateException("a socket that joined a group is for notifications; open another");
        }
    }

    /** Closes it once calls of other threads are done. A second time does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            io.close();
        } finally {
            lock.unlock();
        }
    }
}
