package dev.weft.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The native memory that one netlink socket works with. Sets are lent and given back, never freed: sockets that live for
 * one CNI request neither allocate nor pay for closing a shared arena. Pages that nobody writes cost nothing.
 */
final class NetlinkBuffers {
    /** Dumps come in pieces of at most 32 KiB (netlink_recvmsg); single answers can be longer. */
    private static final int RECEIVE_BYTES = 256 * 1024;

    /** What is longer is sent from memory of its own. */
    static final int SEND_BYTES = 64 * 1024;

    private static final int MSGHDR_BYTES = 56;
    private static final int IOVEC_BYTES = 16;
    private static final int SOCKADDR_NL_BYTES = 12;
    private static final int MSG_TRUNC = 0x20;

    private static final ConcurrentLinkedQueue<NetlinkBuffers> FREE = new ConcurrentLinkedQueue<>();

    final MemorySegment state;
    final MemorySegment send;
    final MemorySegment pollFd;
    /** Eight bytes for socket options. */
    final MemorySegment option;

    private final MemorySegment receive;
    private final MemorySegment address;
    private final MemorySegment header;
    private final MemorySegment iovec;

    private NetlinkBuffers() {
        Arena arena = Arena.global();
        state = arena.allocate(Libc.STATE);
        send = arena.allocate(SEND_BYTES, 8);
        receive = arena.allocate(RECEIVE_BYTES, 8);
        pollFd = arena.allocate(8, 8);
        option = arena.allocate(8, 8);
        address = arena.allocate(SOCKADDR_NL_BYTES, 8);
        header = arena.allocate(MSGHDR_BYTES, 8);
        iovec = arena.allocate(IOVEC_BYTES, 8);
    }

    static NetlinkBuffers lend() {
        NetlinkBuffers free = FREE.poll();
        return free == null ? new NetlinkBuffers() : free;
    }

    void giveBack() {
        FREE.add(this);
    }

    /** A cleared {@code struct sockaddr_nl}: any port from the kernel to bind to, or the kernel itself to send to. */
    MemorySegment kernelAddress() {
        address.fill((byte) 0);
        address.set(JAVA_SHORT, 0, (short) 16); // AF_NETLINK
        return address;
    }

    /** A {@code struct msghdr} that sends these bytes to the kernel. */
    MemorySegment sending(MemorySegment data) {
        kernelAddress();
        return message(data);
    }

    /** A {@code struct msghdr} that receives into this buffer. */
    MemorySegment receiving() {
        return message(receive);
    }

    private MemorySegment message(MemorySegment data) {
        iovec.set(ADDRESS, 0, data);
        iovec.set(JAVA_LONG, 8, data.byteSize());
        header.fill((byte) 0);
        header.set(ADDRESS, 0, address);
        header.set(JAVA_INT, 8, SOCKADDR_NL_BYTES);
        header.set(ADDRESS, 16, iovec);
        header.set(JAVA_LONG, 24, 1);
        return header;
    }

    /** Whether what came last was longer than the buffer. */
    boolean truncated() {
        return (header.get(JAVA_INT, 48) & MSG_TRUNC) != 0;
    }

    /** Whether what came last is the kernel's, not another process's. */
    boolean fromKernel() {
        return address.get(JAVA_INT, 4) == 0;
    }

    MemorySegment received(long length) {
        return receive.asSlice(0, length);
    }

    static int receiveBytes() {
        return RECEIVE_BYTES;
    }
}
