package dev.weft.cni.probe;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A probe on the wire, version 1. All numbers in network order; zeros fill the datagram up to the size under test.
 *
 * <pre>
 *  0  magic "WPRB"        8  sequence number of the question
 *  4  version, 1         16  when it was asked, nanoseconds of the asker's clock
 *  5  type               24  nonce of the asking process
 *  6  pod MTU of sender  32  zeros
 * </pre>
 *
 * @param type question or answer
 * @param podMtu bytes that pods of the sender's node take in one packet
 * @param sequence number of the question
 * @param askedNanos the asker's clock at the question; the answer bears it back
 * @param nonce tells answers to this process from those to one before it
 */
record ProbeMessage(Type type, int podMtu, long sequence, long askedNanos, long nonce) {
    /** Bytes of a probe without filling. */
    static final int HEADER = 32;

    private static final int MAGIC = 0x57505242;
    private static final int VERSION = 1;
    private static final int LEAST_MTU = 576;

    enum Type {
        QUESTION(1),
        ANSWER(2);

        private final int code;

        Type(int code) {
            this.code = code;
        }
    }

    ProbeMessage {
        if (podMtu < LEAST_MTU || podMtu > 0xffff) {
            throw new IllegalArgumentException("pod MTU " + podMtu + " is not between 576 and 65535");
        }
    }

    /**
     * The datagram, {@code size} bytes long.
     *
     * @throws IllegalArgumentException if the size is less than {@value #HEADER}
     */
    ByteBuffer encode(int size) {
        if (size < HEADER) {
            throw new IllegalArgumentException("a probe has at least " + HEADER + " bytes, not " + size);
        }
        return ByteBuffer.allocate(size)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) type.code)
                .putShort((short) podMtu)
                .putLong(sequence)
                .putLong(askedNanos)
                .putLong(nonce)
                .clear();
    }

    /** What a datagram says; empty if it is no probe of this version. The buffer is left as it is. */
    static Optional<ProbeMessage> decode(ByteBuffer datagram) {
        if (datagram.remaining() < HEADER) {
            return Optional.empty();
        }
        ByteBuffer in = datagram.slice();
        if (in.getInt() != MAGIC || in.get() != VERSION) {
            return Optional.empty();
        }
        byte code = in.get();
        int podMtu = Short.toUnsignedInt(in.getShort());
        if (podMtu < LEAST_MTU) {
            return Optional.empty();
        }
        for (Type type : Type.values()) {
            if (type.code == code) {
                return Optional.of(new ProbeMessage(type, podMtu, in.getLong(), in.getLong(), in.getLong()));
            }
        }
        return Optional.empty();
    }

    ProbeMessage answeredBy(int ownPodMtu) {
        return new ProbeMessage(Type.ANSWER, ownPodMtu, sequence, askedNanos, nonce);
    }
}
