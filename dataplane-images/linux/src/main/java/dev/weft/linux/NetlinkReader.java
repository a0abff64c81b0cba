package dev.weft.linux;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Walks over the attributes of a netlink message:
 *
 * <pre>{@code
 * NetlinkReader reader = NetlinkReader.of(message, 16);   // length of the family's fixed header
 * int index = reader.header().i32(4);
 * while (reader.next()) {
 *     switch (reader.type()) {
 *         case IFLA_IFNAME -> name = reader.string();
 *         default -> {}
 *     }
 * }
 * }</pre>
 *
 * Numbers are in the machine's byte order unless the method says {@code be}. Every method that meets bytes that cannot
 * be throws {@link NetlinkFormatException}. Not for several threads.
 */
public final class NetlinkReader {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle SHORT_BE = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_BE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG_BE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int NLA_HEADER = 4;
    private static final int NLA_TYPE_MASK = 0x3fff;

    private final byte[] data;
    private final int start;
    private final int end;
    private int next;
    private int value;
    private int valueEnd;
    private int type = -1;

    private NetlinkReader(byte[] data, int start, int end, int firstAttribute) {
        this.data = data;
        this.start = start;
        this.end = end;
        this.next = firstAttribute;
    }

    /**
     * The attributes of a message.
     *
     * @param headerLength length of the family's fixed header before them, for example 16 for {@code struct ifinfomsg}
     * @throws NetlinkFormatException if the message is shorter than its header
     */
    public static NetlinkReader of(NetlinkMessage message, int headerLength) {
        return of(message.payload(), 0, message.payload().length, headerLength);
    }

    /**
     * The attributes in a slice of an array.
     *
     * @throws NetlinkFormatException if the slice is shorter than its header
     * @throws IndexOutOfBoundsException if the slice is not inside the array
     */
    public static NetlinkReader of(byte[] data, int offset, int length, int headerLength) {
        Objects.checkFromIndexSize(offset, length, data.length);
        if (headerLength > length) {
            throw new NetlinkFormatException(
                    "a message of " + length + " bytes is shorter than its header of " + headerLength);
        }
        int first = Math.min((headerLength + 3) & ~3, length);
        return new NetlinkReader(data, offset, offset + length, offset + first);
    }

    /** Goes to the next attribute; false at the end. */
    public boolean next() {
        if (next >= end) {
            type = -1;
            return false;
        }
        if (end - next < NLA_HEADER) {
            throw new NetlinkFormatException((end - next) + " bytes are left, too few for an attribute");
        }
        int length = Short.toUnsignedInt((short) SHORT.get(data, next));
        if (length < NLA_HEADER || length > end - next) {
            throw new NetlinkFormatException(
                    "an attribute says that it has " + length + " bytes; " + (end - next) + " are left");
        }
        type = Short.toUnsignedInt((short) SHORT.get(data, next + 2)) & NLA_TYPE_MASK;
        value = next + NLA_HEADER;
        valueEnd = next + length;
        // The last attribute may lack its padding.
        next = Math.min(next + ((length + 3) & ~3), end);
        return true;
    }

    /** Type of this attribute, the NESTED and BYTEORDER bits masked. */
    public int type() {
        return type;
    }

    /** Length of this attribute's value in bytes. */
    public int length() {
        return valueEnd - value;
    }

    public int u8() {
        return Byte.toUnsignedInt(data[need(1)]);
    }

    public int u16() {
        return Short.toUnsignedInt((short) SHORT.get(data, need(2)));
    }

    public int i32() {
        return (int) INT.get(data, need(4));
    }

    public long u32() {
        return Integer.toUnsignedLong(i32());
    }

    public long u64() {
        return (long) LONG.get(data, need(8));
    }

    public int be16() {
        return Short.toUnsignedInt((short) SHORT_BE.get(data, need(2)));
    }

    public int be32() {
        return (int) INT_BE.get(data, need(4));
    }

    public long be64() {
        return (long) LONG_BE.get(data, need(8));
    }

    /** A copy of the value. */
    public byte[] bytes() {
        return Arrays.copyOfRange(data, value, valueEnd);
    }

    /** The value up to its first zero byte, as UTF-8. */
    public String string() {
        int stop = value;
        while (stop < valueEnd && data[stop] != 0) {
            stop++;
        }
        return new String(data, value, stop - value, StandardCharsets.UTF_8);
    }

    /** The attributes in this attribute. */
    public NetlinkReader nested() {
        return nested(0);
    }

    /**
     * The attributes in this attribute behind a fixed header.
     *
     * @throws NetlinkFormatException if the value is shorter than the header
     */
    public NetlinkReader nested(int headerLength) {
        return of(data, value, valueEnd - value, headerLength);
    }

    /** Fields of the fixed header, by offset in bytes from the start of the message. */
    public Fields header() {
        return new Fields(data, start, end);
    }

    /** Fields of a structure that is this attribute's value, by offset in bytes. */
    public Fields fields() {
        return new Fields(data, value, valueEnd);
    }

    private int need(int bytes) {
        if (type < 0) {
            throw new IllegalStateException("there is no attribute here; call next()");
        }
        if (valueEnd - value < bytes) {
            throw new NetlinkFormatException(
                    "attribute " + type + " has " + (valueEnd - value) + " bytes, not " + bytes);
        }
        return value;
    }

    /** A C structure in a message. Offsets outside of it give a {@link NetlinkFormatException}. */
    public static final class Fields {
        private final byte[] data;
        private final int start;
        private final int end;

        private Fields(byte[] data, int start, int end) {
            this.data = data;
            this.start = start;
            this.end = end;
        }

        public int u8(int offset) {
            return Byte.toUnsignedInt(data[at(offset, 1)]);
        }

        public int u16(int offset) {
            return Short.toUnsignedInt((short) SHORT.get(data, at(offset, 2)));
        }

        public int i32(int offset) {
            return (int) INT.get(data, at(offset, 4));
        }

        public long u32(int offset) {
            return Integer.toUnsignedLong(i32(offset));
        }

        public long u64(int offset) {
            return (long) LONG.get(data, at(offset, 8));
        }

        public int be16(int offset) {
            return Short.toUnsignedInt((short) SHORT_BE.get(data, at(offset, 2)));
        }

        public int be32(int offset) {
            return (int) INT_BE.get(data, at(offset, 4));
        }

        private int at(int offset, int bytes) {
            if (offset < 0 || offset > end - start - bytes) {
                throw new NetlinkFormatException(
                        "a structure of " + (end - start) + " bytes has no " + bytes + " bytes at " + offset);
            }
            return start + offset;
        }
    }
}
