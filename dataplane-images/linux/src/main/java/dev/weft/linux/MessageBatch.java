package dev.weft.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.weft.net.Family;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An array of {@code struct mmsghdr} (linux/socket.h) with memory for addresses, packet information and data, laid out
 * once. Everything is at a computed offset of one segment, so that using it makes no objects.
 */
final class MessageBatch {
    /** Room for one IP_PKTINFO or IPV6_PKTINFO. */
    static final int CONTROL_BYTES = 64;

    /** {@code struct msghdr}, and {@code msg_len} padded to eight bytes. */
    private static final int HEADER_BYTES = 64;

    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int IOVEC = 16;
    private static final int IOVEC_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;

    private static final int IOVEC_BYTES = 16;
    private static final int ADDRESS_BYTES = 32;
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;

    private final int size;
    private final int bytes;
    private final MemorySegment all;
    private final long iovecs;
    private final long addresses;
    private final long controls;
    private final long data;
    private final MemorySegment headers;
    private final MemorySegment[] tails;
    private final MemorySegment[] addressOf;
    private final MemorySegment[] controlOf;

    /** @param bytes of a datagram at most */
    MessageBatch(Arena arena, int size, int bytes) {
        if (size < 1 || size > 1024 || bytes < 1 || bytes > 65535) {
            throw new IllegalArgumentException("no batch of " + size + " datagrams of " + bytes + " bytes");
        }
        this.size = size;
        this.bytes = bytes;
        int slot = (bytes + 63) & ~63;
        iovecs = (long) size * HEADER_BYTES;
        addresses = iovecs + (long) size * IOVEC_BYTES;
        controls = addresses + (long) size * ADDRESS_BYTES;
        data = controls + (long) size * CONTROL_BYTES;
        all = arena.allocate(data + (long) size * slot, 64);
        headers = all.asSlice(0, iovecs);
        tails = new MemorySegment[size];
        addressOf = new MemorySegment[size];
        controlOf = new MemorySegment[size];
        for (int i = 0; i < size; i++) {
            long header = header(i);
            long iovec = iovecs + (long) i * IOVEC_BYTES;
            tails[i] = all.asSlice(header, iovecs - header);
            addressOf[i] = all.asSlice(addresses + (long) i * ADDRESS_BYTES, ADDRESS_BYTES);
            controlOf[i] = all.asSlice(controls + (long) i * CONTROL_BYTES, CONTROL_BYTES);
            all.set(ADDRESS, header + NAME, addressOf[i]);
            all.set(ADDRESS, header + IOVEC, all.asSlice(iovec, IOVEC_BYTES));
            all.set(JAVA_LONG, header + IOVEC_COUNT, 1);
            all.set(ADDRESS, header + CONTROL, controlOf[i]);
            all.set(ADDRESS, iovec, all.asSlice(dataOf(i), slot));
        }
    }

    int size() {
        return size;
    }

    MemorySegment headers() {
        return headers;
    }

    MemorySegment headersFrom(int i) {
        return tails[i];
    }

    /** Sets the lengths that the kernel changes as it receives. */
    void prepareToReceive(boolean control) {
        for (int i = 0; i < size; i++) {
            long header = header(i);
            all.set(JAVA_INT, header + NAME_LENGTH, InetSocket.MOST_BYTES);
            all.set(JAVA_LONG, header + CONTROL_LENGTH, control ? CONTROL_BYTES : 0);
            all.set(JAVA_LONG, iovecs + (long) i * IOVEC_BYTES + 8, bytes);
        }
    }

    int read(int i, byte[] target) {
        int length = Math.min(all.get(JAVA_INT, header(i) + LENGTH), target.length);
        MemorySegment.copy(all, JAVA_BYTE, dataOf(i), target, 0, length);
        return length;
    }

    int flags(int i) {
        return all.get(JAVA_INT, header(i) + FLAGS);
    }

    /** An IPv4 client of a socket of both families has a mapped address, ::ffff:a.b.c.d. */
    boolean isIpv4(int i) {
        long address = addresses + (long) i * ADDRESS_BYTES;
        return all.get(JAVA_SHORT, address) == Family.IPV4.addressFamily()
                || (all.get(JAVA_LONG, address + 8) == 0 && all.get(JAVA_INT, address + 16) == 0xffff0000);
    }

    /** Fills slot {@code to} with an answer to what {@code in} received in slot {@code from}. */
    void answer(int to, MessageBatch in, int from, byte[] answer, int length, boolean control) {
        long header = header(to);
        MemorySegment.copy(answer, 0, all, JAVA_BYTE, dataOf(to), length);
        all.set(JAVA_LONG, iovecs + (long) to * IOVEC_BYTES + 8, length);
        all.set(ADDRESS, header + NAME, in.addressOf[from]);
        all.set(JAVA_INT, header + NAME_LENGTH, in.all.get(JAVA_INT, in.header(from) + NAME_LENGTH));
        long controlLength = control ? in.all.get(JAVA_LONG, in.header(from) + CONTROL_LENGTH) : 0;
        if (controlLength > 0) {
            leaveInterfaceOpen(in.all, in.controls + (long) from * CONTROL_BYTES);
        }
        all.set(ADDRESS, header + CONTROL, in.controlOf[from]);
        all.set(JAVA_LONG, header + CONTROL_LENGTH, controlLength);
    }

    byte[] address(int i) {
        int length = all.get(JAVA_INT, header(i) + NAME_LENGTH);
        return all.asSlice(addresses + (long) i * ADDRESS_BYTES, Math.min(length, ADDRESS_BYTES))
                .toArray(JAVA_BYTE);
    }

    byte[] controlOfAnswer(int i) {
        int length = (int) all.get(JAVA_LONG, header(i) + CONTROL_LENGTH);
        if (length > 0) {
            leaveInterfaceOpen(all, controls + (long) i * CONTROL_BYTES);
        }
        return all.asSlice(controls + (long) i * CONTROL_BYTES, length).toArray(JAVA_BYTE);
    }

    /** One message with memory of its own. */
    static MemorySegment single(Arena arena, byte[] address, byte[] control, byte[] answer, int length) {
        MemorySegment header = arena.allocate(HEADER_BYTES, 8);
        MemorySegment iovec = arena.allocate(IOVEC_BYTES, 8);
        MemorySegment bytes = arena.allocate(Math.max(length, 1), 8);
        MemorySegment.copy(answer, 0, bytes, JAVA_BYTE, 0, length);
        iovec.set(ADDRESS, 0, bytes);
        iovec.set(JAVA_LONG, 8, length);
        header.set(ADDRESS, NAME, copyOf(arena, address));
        header.set(JAVA_INT, NAME_LENGTH, address.length);
        header.set(ADDRESS, IOVEC, iovec);
        header.set(JAVA_LONG, IOVEC_COUNT, 1);
        if (control.length > 0) {
            header.set(ADDRESS, CONTROL, copyOf(arena, control));
            header.set(JAVA_LONG, CONTROL_LENGTH, control.length);
        }
        return header;
    }

    private static MemorySegment copyOf(Arena arena, byte[] bytes) {
        MemorySegment segment = arena.allocate(bytes.length, 8);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    /**
     * Takes the interface out of the packet information, so that answers follow the routes and not the way of the
     * question; link-local addresses mean nothing without it.
     */
    private static void leaveInterfaceOpen(MemorySegment memory, long control) {
        int level = memory.get(JAVA_INT, control + 8);
        if (level == IPPROTO_IP) {
            memory.set(JAVA_INT, control + 16, 0);
        } else if (level == IPPROTO_IPV6) {
            boolean linkLocal = memory.get(JAVA_BYTE, control + 16) == (byte) 0xfe
                    && (memory.get(JAVA_BYTE, control + 17) & 0xc0) == 0x80;
            if (!linkLocal) {
                memory.set(JAVA_INT, control + 32, 0);
            }
        }
    }

    private long header(int i) {
        return (long) i * HEADER_BYTES;
    }

    private long dataOf(int i) {
        return data + (long) i * ((bytes + 63) & ~63);
    }
}
