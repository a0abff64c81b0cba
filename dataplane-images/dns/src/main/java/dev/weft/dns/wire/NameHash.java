package dev.weft.dns.wire;

import java.util.random.RandomGenerator;

/** A hash of names in lower case. Seeded a process, so that nobody can choose names that collide. */
public final class NameHash {
    private static final int SEED = RandomGenerator.getDefault().nextInt();
    private static final int PRIME = 0x01000193; // of FNV-1a

    private NameHash() {}

    static int start() {
        return SEED;
    }

    static int add(int hash, byte lower) {
        return (hash ^ lower) * PRIME;
    }

    /** Spreads what FNV leaves in the upper bits, as tables use the lower ones. */
    static int end(int hash) {
        int mixed = hash ^ (hash >>> 16);
        mixed *= 0x7feb352d;
        return mixed ^ (mixed >>> 15);
    }

    public static int of(byte[] name, int from, int to) {
        int hash = start();
        for (int i = from; i < to; i++) {
            hash = add(hash, name[i]);
        }
        return end(hash);
    }
}
