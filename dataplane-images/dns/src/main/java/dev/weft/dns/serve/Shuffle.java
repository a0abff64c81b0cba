package dev.weft.dns.serve;

import java.util.random.RandomGenerator;

/** Puts records of one length into random order, in place, so that clients spread over what they are given. */
final class Shuffle {
    private final byte[] held = new byte[28];
    private long state = RandomGenerator.getDefault().nextLong() | 1;

    void records(byte[] out, int at, int count, int length) {
        for (int i = count - 1; i > 0; i--) {
            int other = next(i + 1);
            if (other != i) {
                System.arraycopy(out, at + i * length, held, 0, length);
                System.arraycopy(out, at + other * length, out, at + i * length, length);
                System.arraycopy(held, 0, out, at + other * length, length);
            }
        }
    }

    /** Marsaglia's xorshift: good enough for spreading load, not for secrets. */
    private int next(int bound) {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        return (int) (((state >>> 32) * bound) >>> 32);
    }
}
