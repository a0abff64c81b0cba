package dev.weft.dns.serve;

import dev.weft.dns.wire.RecordType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** What one thread has answered. The thread alone writes; metrics read whenever they like. */
public final class Tally {
    /** Types that have a count of their own; all others share one, as in CoreDNS. */
    private static final int[] TYPES = {
        RecordType.A,
        RecordType.NS,
        RecordType.CNAME,
        RecordType.SOA,
        RecordType.PTR,
        RecordType.MX,
        RecordType.TXT,
        RecordType.AAAA,
        RecordType.SRV,
        RecordType.HTTPS,
        RecordType.IXFR,
        RecordType.AXFR,
        RecordType.ANY
    };

    private static final int OTHER = TYPES.length;
    /** Rcodes that are told apart. */
    public static final int RCODES = 17;

    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final byte[] INDEX = new byte[256];

    static {
        Arrays.fill(INDEX, (byte) OTHER);
        for (int i = 0; i < TYPES.length; i++) {
            INDEX[TYPES[i]] = (byte) i;
        }
    }

    private final long[] requests = new long[TYPES.length + 1];
    private final long[] responses = new long[RCODES];
    private final long[] cache = new long[2];

    /** How many kinds of questions are told apart. */
    public static int kinds() {
        return TYPES.length + 1;
    }

    /** The name of a kind, the last is {@code other}. */
    public static String name(int kind) {
        return kind == OTHER ? "other" : RecordType.name(TYPES[kind]);
    }

    void request(int type) {
        add(requests, type < 256 ? INDEX[type] : OTHER);
    }

    void response(int rcode) {
        add(responses, Math.min(rcode, RCODES - 1));
    }

    void cache(boolean hit) {
        add(cache, hit ? 1 : 0);
    }

    private static void add(long[] counts, int i) {
        COUNT.setOpaque(counts, i, counts[i] + 1);
    }

    /** Questions of a kind. */
    public long requests(int index) {
        return (long) COUNT.getOpaque(requests, index);
    }

    public long responses(int rcode) {
        return (long) COUNT.getOpaque(responses, rcode);
    }

    public long cacheHits() {
        return (long) COUNT.getOpaque(cache, 1);
    }

    public long cacheMisses() {
        return (long) COUNT.getOpaque(cache, 0);
    }
}
