package dev.weft.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A message as it came, with what the socket needs of its header. */
record NetlinkFrame(NetlinkMessage message, int sequence) {
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int NLMSG_MIN_TYPE = 16;

    private static final int ACK_TLVS = 0x200;
    private static final int CAPPED = 0x100;
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int NLMSGERR_ATTR_OFFS = 2;
    private static final int NLMSGERR = 4 + NetlinkMessage.HEADER;

    /**
     * Splits what one {@code recvmsg} brought.
     *
     * @throws NetlinkFormatException if the lengths do not add up
     */
    static List<NetlinkFrame> parse(MemorySegment data) {
        List<NetlinkFrame> frames = new ArrayList<>();
        long at = 0;
        long size = data.byteSize();
        while (at < size) {
            if (size - at < NetlinkMessage.HEADER) {
                throw new NetlinkFormatException((size - at) + " bytes are left, too few for a netlink header");
            }
            int length = data.get(JAVA_INT_UNALIGNED, at);
            if (length < NetlinkMessage.HEADER || length > size - at) {
                throw new NetlinkFormatException(
                        "a message says that it has " + length + " bytes; " + (size - at) + " are left");
            }
            int type = Short.toUnsignedInt(data.get(JAVA_SHORT_UNALIGNED, at + 4));
            int flags = Short.toUnsignedInt(data.get(JAVA_SHORT_UNALIGNED, at + 6));
            int sequence = data.get(JAVA_INT_UNALIGNED, at + 8);
            byte[] payload = data.asSlice(at + NetlinkMessage.HEADER, length - NetlinkMessage.HEADER)
                    .toArray(JAVA_BYTE);
            frames.add(new NetlinkFrame(new NetlinkMessage(type, flags, payload), sequence));
            at += (length + 3L) & ~3L;
        }
        return frames;
    }

    /** Writes the message with its header at {@code at} and returns where the next one begins. */
    static long write(MemorySegment target, long at, NetlinkMessage message, int flags, int sequence) {
        target.set(JAVA_INT_UNALIGNED, at, message.length());
        target.set(JAVA_SHORT_UNALIGNED, at + 4, (short) message.type());
        target.set(JAVA_SHORT_UNALIGNED, at + 6, (short) (message.flags() | flags));
        target.set(JAVA_INT_UNALIGNED, at + 8, sequence);
        target.set(JAVA_INT_UNALIGNED, at + 12, 0);
        byte[] payload = message.payload();
        MemorySegment.copy(payload, 0, target, JAVA_BYTE, at + NetlinkMessage.HEADER, payload.length);
        long end = at + message.length();
        long next = aligned(end);
        while (end < next) {
            target.set(JAVA_BYTE, end++, (byte) 0);
        }
        return next;
    }

    static long aligned(long length) {
        return (length + 3) & ~3L;
    }

    /**
     * The answer in an NLMSG_ERROR: 0 or the error, with what the kernel explains.
     *
     * @throws NetlinkFormatException if it is cut short
     */
    NetlinkResult.Answer answer() {
        byte[] payload = message.payload();
        int errno = -errorNumber(payload);
        int attributes = NLMSGERR;
        if ((message.flags() & CAPPED) == 0 && errno != 0) {
            // The whole request comes back before the attributes.
            attributes += NetlinkReader.of(message, 8).header().i32(4) - NetlinkMessage.HEADER;
        }
        String text = "";
        int offset = -1;
        if ((message.flags() & ACK_TLVS) != 0) {
            NetlinkReader reader = NetlinkReader.of(payload, 0, payload.length, checkedHeader(attributes));
            while (reader.next()) {
                switch (reader.type()) {
                    case NLMSGERR_ATTR_MSG -> text = reader.string();
                    case NLMSGERR_ATTR_OFFS -> offset = reader.i32();
                    default -> {}
                }
            }
        }
        return new NetlinkResult.Answer(errno, text, offset);
    }

    /** The error in an NLMSG_DONE, positive, or 0: a dump can fail after it began. */
    int doneErrno() {
        return message.payload().length < 4 ? 0 : -errorNumber(message.payload());
    }

    private static int errorNumber(byte[] payload) {
        int number = NetlinkReader.of(payload, 0, payload.length, 4).header().i32(0);
        if (number > 0) {
            throw new NetlinkFormatException("an error number of " + number + " is not negative");
        }
        return number;
    }

    private static int checkedHeader(int length) {
        if (length < NLMSGERR) {
            throw new NetlinkFormatException("an acknowledged message of " + (length - 4) + " bytes has no header");
        }
        return length;
    }
}
