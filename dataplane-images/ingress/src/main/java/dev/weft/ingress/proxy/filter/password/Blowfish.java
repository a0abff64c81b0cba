package dev.weft.ingress.proxy.filter.password;

import java.math.BigInteger;

/** Blowfish with the key schedule of bcrypt. */
final class Blowfish {
    private static final int ROUNDS = 16;

    /** The fraction of pi, 32 bits each: P first, then the four boxes (Schneier 1993). */
    private static final int[] PI = pi(ROUNDS + 2 + 4 * 256);

    private final int[] p = new int[ROUNDS + 2];
    private final int[] s = new int[4 * 256];

    Blowfish() {
        System.arraycopy(PI, 0, p, 0, p.length);
        System.arraycopy(PI, p.length, s, 0, s.length);
    }

    /** Mixes a key and a salt of 16 bytes in; a salt of zeros is none. */
    void expand(byte[] key, byte[] salt) {
        int at = 0;
        for (int i = 0; i < p.length; i++) {
            int word = 0;
            for (int b = 0; b < 4; b++) {
                word = word << 8 | (key[at] & 0xff);
                at = (at + 1) % key.length;
            }
            p[i] ^= word;
        }
        int[] block = new int[2];
        int turn = 0;
        for (int i = 0; i < p.length; i += 2, turn ^= 8) {
            mix(block, salt, turn);
            p[i] = block[0];
            p[i + 1] = block[1];
        }
        for (int i = 0; i < s.length; i += 2, turn ^= 8) {
            mix(block, salt, turn);
            s[i] = block[0];
            s[i + 1] = block[1];
        }
    }

    private void mix(int[] block, byte[] salt, int at) {
        block[0] ^= word(salt, at);
        block[1] ^= word(salt, at + 4);
        encrypt(block, 0);
    }

    private static int word(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }

    /** Two words, in place. */
    void encrypt(int[] words, int at) {
        int left = words[at];
        int right = words[at + 1];
        for (int round = 0; round < ROUNDS; round += 2) {
            left ^= p[round];
            right ^= f(left);
            right ^= p[round + 1];
            left ^= f(right);
        }
        words[at] = right ^ p[ROUNDS + 1];
        words[at + 1] = left ^ p[ROUNDS];
    }

    private int f(int x) {
        return ((s[x >>> 24] + s[256 + (x >>> 16 & 0xff)]) ^ s[512 + (x >>> 8 & 0xff)]) + s[768 + (x & 0xff)];
    }

    /** By Machin's formula, instead of four kilobytes of digits. */
    private static int[] pi(int words) {
        int bits = 32 * words + 64;
        BigInteger pi =
                arctangent(5, bits).shiftLeft(4).subtract(arctangent(239, bits).shiftLeft(2));
        BigInteger fraction = pi.subtract(BigInteger.valueOf(3).shiftLeft(bits)).shiftRight(64);
        int[] all = new int[words];
        for (int i = words - 1; i >= 0; i--) {
            all[i] = fraction.intValue();
            fraction = fraction.shiftRight(32);
        }
        return all;
    }

    /** Of 1/x, times two to the power of {@code bits}. */
    private static BigInteger arctangent(int x, int bits) {
        BigInteger square = BigInteger.valueOf((long) x * x);
        BigInteger power = BigInteger.ONE.shiftLeft(bits).divide(BigInteger.valueOf(x));
        BigInteger sum = power;
        for (int n = 3, sign = -1; power.signum() != 0; n += 2, sign = -sign) {
            power = power.divide(square);
            BigInteger term = power.divide(BigInteger.valueOf(n));
            sum = sign < 0 ? sum.subtract(term) : sum.add(term);
        }
        return sum;
    }
}
