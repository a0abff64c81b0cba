package dev.weft.dns.serve;

import dev.weft.agent.Histogram;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.RecordType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;

/**
 * What was asked and answered. Metrics read whenever they like; one thread alone writes, which costs it next to nothing, or
 * any number do.
 */
public final class Tally {
    /** What becomes of a question about others' names in the cache. */
    public enum Cached {
        /** It had records. */
        SUCCESS,
        /** It knew that there are none. */
        DENIAL,
        MISS
    }

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
    /** IPv4 and IPv6. */
    public static final int FAMILIES = 2;

    /** Bytes and seconds, as CoreDNS has them. */
    private static final double[] SIZES = {0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16e3, 32e3, 48e3, 64e3};

    private static final double[] SECONDS = new double[16];
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final byte[] INDEX = new byte[256];

    static {
        Arrays.fill(INDEX, (byte) OTHER);
        for (int i = 0; i < TYPES.length; i++) {
            INDEX[TYPES[i]] = (byte) i;
        }
        for (int i = 0; i < SECONDS.length; i++) {
            SECONDS[i] = 0.00025 * (1 << i);
        }
    }

    private final boolean shared;
    private final long[] requests = new long[FAMILIES * (TYPES.length + 1)];
    private final long[] responses = new long[RCODES];
    private final long[] cache = new long[Cached.values().length];
    private final long[] dnssecOk = new long[1];
    /** Buckets, and last the sum. */
    private final long[] requestBytes = new long[SIZES.length + 2];

    private final long[] responseBytes = new long[SIZES.length + 2];
    private final long[] nanos = new long[SECONDS.length + 2];

    private Tally(boolean shared) {
        this.shared = shared;
    }

    /** For one thread that writes. */
    public static Tally ofThread() {
        return new Tally(false);
    }

    /** For any number of threads. */
    public static Tally shared() {
        return new Tally(true);
    }

    /** How many kinds of questions are told apart. */
    public static int kinds() {
        return TYPES.length + 1;
    }

    /** The name of a kind, the last is {@code other}. */
    public static String name(int kind) {
        return kind == OTHER ? "other" : RecordType.name(TYPES[kind]);
    }

    /** @param length of the query in bytes */
    void request(Question question, boolean ipv4, int length) {
        int type = question.type();
        int kind = type < 256 ? INDEX[type] : OTHER;
        add(requests, ipv4 ? kind : kind + TYPES.length + 1, 1);
        if (question.dnssecOk()) {
            add(dnssecOk, 0, 1);
        }
        size(requestBytes, length);
    }

    /** @param length of the answer in bytes */
    void response(int rcode, int length) {
        add(responses, Math.min(rcode, RCODES - 1), 1);
        size(responseBytes, length);
    }

    /** Some answers took so long. */
    void took(int answers, long nanoseconds) {
        int bucket = 0;
        double seconds = nanoseconds / 1e9;
        while (bucket < SECONDS.length && seconds > SECONDS[bucket]) {
            bucket++;
        }
        add(nanos, bucket, answers);
        add(nanos, nanos.length - 1, answers * nanoseconds);
    }

    void cache(Cached what) {
        add(cache, index(what), 1);
    }

    private static int index(Cached what) {
        return switch (what) {
            case SUCCESS -> 0;
            case DENIAL -> 1;
            case MISS -> 2;
        };
    }

    private void size(long[] counts, int length) {
        int bucket = 0;
        while (bucket < SIZES.length && length > SIZES[bucket]) {
            bucket++;
        }
        add(counts, bucket, 1);
        add(counts, counts.length - 1, length);
    }

    private void add(long[] counts, int i, long by) {
        if (shared) {
            long _ = (long) COUNT.getAndAdd(counts, i, by);
        } else {
            COUNT.setOpaque(counts, i, counts[i] + by);
        }
    }

    private static long get(long[] counts, int i) {
        return (long) COUNT.getOpaque(counts, i);
    }

    /**
     * Questions of a kind.
     *
     * @param family 0 for IPv4, 1 for IPv6
     */
    public long requests(int family, int kind) {
        return get(requests, family * kinds() + kind);
    }

    public long responses(int rcode) {
        return get(responses, rcode);
    }

    public long cached(Cached what) {
        return get(cache, index(what));
    }

    /** Questions with the DO bit. */
    public long dnssecOk() {
        return get(dnssecOk, 0);
    }

    /** Sizes of questions, of several tallies together. */
    public static Histogram requestBytes(List<Tally> tallies) {
        return sum(SIZES, tallies.stream().map(tally -> tally.requestBytes).toList(), 1);
    }

    public static Histogram responseBytes(List<Tally> tallies) {
        return sum(SIZES, tallies.stream().map(tally -> tally.responseBytes).toList(), 1);
    }

    /** Seconds from a question's arrival to its answer. */
    public static Histogram durations(List<Tally> tallies) {
        return sum(SECONDS, tallies.stream().map(tally -> tally.nanos).toList(), 1e9);
    }

    private static Histogram sum(double[] bounds, List<long[]> all, double unit) {
        long[] counts = new long[bounds.length + 1];
        double sum = 0;
        for (long[] one : all) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += get(one, i);
            }
            sum += get(one, one.length - 1) / unit;
        }
        return Histogram.counted(Arrays.stream(bounds).boxed().toList(), counts, sum);
    }
}
