package dev.weft.linux;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Builds the payload of a netlink message: first the family's fixed header, then attributes ({@code struct nlattr},
 * linux/netlink.h), each padded to 4 bytes. Numbers are in the machine's byte order unless the method says {@code Be}
 * (network order). Not for several threads.
 */
public final class NetlinkWriter {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int NLA_HEADER = 4;
    private static final int NLA_F_NESTED = 0x8000;
    private static final int NLA_MAX = 0xffff;

    private byte[] buffer;
    private int length;
    private final Deque<Integer> nests = new ArrayDeque<>();

    public NetlinkWriter() {
        this(256);
    }

    /** A writer whose buffer starts with this many bytes; it grows. */
    public NetlinkWriter(int capacity) {
        buffer = new byte[capacity];
    }

    /** Bytes written so far. */
    public int length() {
        return length;
    }

    // Raw values: fixed headers, and structures inside attributes.

    public NetlinkWriter u8(int value) {
        reserve(1);
        buffer[length++] = (byte) value;
        return this;
    }

    public NetlinkWriter u16(int value) {
        reserve(2);
        SHORT.set(buffer, length, (short) value);
        length += 2;
        return this;
    }

    public NetlinkWriter u32(int value) {
        reserve(4);
        INT.set(buffer, length, value);
        length += 4;
        return this;
    }

    public NetlinkWriter u64(long value) {
        reserve(8);
        LONG.set(buffer, length, value);
        length += 8;
        return this;
    }

    public NetlinkWriter be16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public NetlinkWriter be32(int value) {
        return be16(value >>> 16).be16(value);
    }

    public NetlinkWriter be64(long value) {
        return be32((int) (value >>> 32)).be32((int) value);
    }

    public NetlinkWriter bytes(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, buffer, length, value.length);
        length += value.length;
        return this;
    }

    /** This many zero bytes. */
    public NetlinkWriter zeros(int count) {
        reserve(count);
        Arrays.fill(buffer, length, length + count, (byte) 0);
        length += count;
        return this;
    }

    /** Zeros up to the next multiple of 4. */
    public NetlinkWriter align() {
        return zeros(-length & 3);
    }

    // Attributes.

    /** An attribute without value (a flag). */
    public NetlinkWriter attr(int type) {
        return header(type, 0);
    }

    /**
     * An attribute of raw bytes.
     *
     * @throws IllegalArgumentException if the value is longer than an attribute holds (65531 bytes)
     */
    public NetlinkWriter attr(int type, byte[] value) {
        return header(type, value.length).bytes(value).align();
    }

    /** A string, with the terminating zero that the kernel's NLA_NUL_STRING asks for. */
    public NetlinkWriter attr(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return header(type, text.length + 1).bytes(text).u8(0).align();
    }

    public NetlinkWriter attrU8(int type, int value) {
        return header(type, 1).u8(value).align();
    }

    public NetlinkWriter attrU16(int type, int value) {
        return header(type, 2).u16(value).align();
    }

    public NetlinkWriter attrU32(int type, int value) {
        return header(type, 4).u32(value);
    }

    public NetlinkWriter attrU64(int type, long value) {
        return header(type, 8).u64(value);
    }

    public NetlinkWriter attrBe16(int type, int value) {
        return header(type, 2).be16(value).align();
    }

    public NetlinkWriter attrBe32(int type, int value) {
        return header(type, 4).be32(value);
    }

    public NetlinkWriter attrBe64(int type, long value) {
        return header(type, 8).be64(value);
    }

    /** Opens an attribute of attributes (NLA_F_NESTED); {@link #endNest} closes the one opened last. */
    public NetlinkWriter nest(int type) {
        nests.push(length);
        return header(type | NLA_F_NESTED, 0);
    }

    /** Bytes in the nest opened last, to stop before the 65531 that an attribute holds. */
    public int nestLength() {
        Integer start = nests.peek();
        return start == null ? 0 : length - start - NLA_HEADER;
    }

    /**
     * Closes the nest opened last.
     *
     * @throws IllegalArgumentException if its content is longer than an attribute holds (65531 bytes)
     * @throws IllegalStateException if none is open
     */
    public NetlinkWriter endNest() {
        Integer start = nests.poll();
        if (start == null) {
            throw new IllegalStateException("no nest is open");
        }
        SHORT.set(buffer, start.intValue(), (short) checked(length - start));
        return this;
    }

    /**
     * The message of what was written. The writer can be thrown away or reset.
     *
     * @throws IllegalStateException if a nest is still open
     */
    public NetlinkMessage message(int type, int flags) {
        return new NetlinkMessage(type, flags, toBytes());
    }

    /**
     * A copy of what was written.
     *
     * @throws IllegalStateException if a nest is still open
     */
    public byte[] toBytes() {
        if (!nests.isEmpty()) {
            throw new IllegalStateException(nests.size() + " nests are still open");
        }
        return Arrays.copyOf(buffer, length);
    }

    /** Forgets what was written and keeps the buffer. */
    public NetlinkWriter reset() {
        length = 0;
        nests.clear();
        return this;
    }

    private NetlinkWriter header(int type, int valueLength) {
        return u16(checked(NLA_HEADER + valueLength)).u16(type);
    }

    private static int checked(int attributeLength) {
        if (attributeLength > NLA_MAX) {
            throw new IllegalArgumentException(
                    "an attribute of " + attributeLength + " bytes exceeds netlink's " + NLA_MAX);
        }
        return attributeLength;
    }

    private void reserve(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
        }
    }
}
