package dev.weft.dns.forward;

import dev.weft.config.DnsConfig;
import dev.weft.dns.serve.AnswerCache;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.Rcode;
import dev.weft.dns.wire.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What other servers said, for as long as they said: rows of four, in which the one that ends soonest makes room. Bounded
 * in number and in bytes. Reading takes no lock and makes no objects.
 */
final class ForwardCache implements AnswerCache {
    private static final int WAYS = 4;
    private static final int MOST_BYTES_EACH = 4096;
    private static final int MEAN_BYTES = 1024;
    private static final int STALE_TTL = 30; // RFC 8767 section 4
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicReferenceArray<@Nullable Entry> slots;
    private final int rows;
    private final DnsConfig.Cache config;
    private final LongSupplier nanos;
    private final Consumer<QuestionKey> prefetch;
    private final AtomicLong bytes = new AtomicLong();
    private final ForwardMetrics metrics;
    private final boolean dns64;
    private final AtomicLong entries = new AtomicLong();

    private static final class Entry {
        private final QuestionKey key;
        private final Reply reply;
        private final long since;
        private final int ttl;
        private int hits;
        private boolean prefetched;

        Entry(QuestionKey key, Reply reply, long since, int ttl) {
            this.key = key;
            this.reply = reply;
            this.since = since;
            this.ttl = ttl;
        }
    }

    /**
     * @param dns64 whether answers with made-up addresses are what clients are given
     * @param nanos a clock such as {@link System#nanoTime}
     * @param prefetch called at most once an entry, when it is wanted often and about to end; must not block
     */
    ForwardCache(
            DnsConfig.Cache config,
            boolean dns64,
            ForwardMetrics metrics,
            LongSupplier nanos,
            Consumer<QuestionKey> prefetch) {
        this.config = config;
        this.dns64 = dns64;
        this.metrics = metrics;
        this.nanos = nanos;
        this.prefetch = prefetch;
        // With more slots than entries, few names are short of room in their row while others have some.
        this.rows = config.entries() == 0 ? 0 : Integer.highestOneBit(Math.max(1, 2 * config.entries() / WAYS));
        this.slots = new AtomicReferenceArray<>(rows * WAYS);
    }

    @Override
    public int write(Question question, byte[] out, int limit) {
        int flags = QuestionKey.flags(question, out, dns64);
        Entry entry = find(question, flags);
        if (entry == null) {
            return MISS;
        }
        long now = nanos.getAsLong();
        int age = (int) ((now - entry.since) / SECOND);
        if (age >= entry.ttl) {
            return MISS;
        }
        entry.hits++; // a lost count does not matter
        boolean ending = entry.ttl >= 10 && age >= entry.ttl - entry.ttl / 10;
        if (ending && entry.hits > 1 && !entry.prefetched) {
            entry.prefetched = true;
            metrics.prefetched();
            prefetch.accept(entry.key);
        }
        return entry.reply.write(out, limit, question, age, config.maxTtl());
    }

    private @Nullable Entry find(Question question, int flags) {
        if (rows == 0) {
            return null;
        }
        int row = row(question.hash(), question.type());
        for (int i = row; i < row + WAYS; i++) {
            Entry entry = slots.get(i);
            if (entry != null && entry.key.matches(question, flags)) {
                return entry;
            }
        }
        return null;
    }

    /** What is past its time, but better than nothing: with a TTL of 30 s. */
    Optional<Stale> stale(Question question, byte[] query) {
        Entry entry = find(question, QuestionKey.flags(question, query, dns64));
        if (entry == null) {
            return Optional.empty();
        }
        long age = (nanos.getAsLong() - entry.since) / SECOND;
        return age >= entry.ttl && age < (long) entry.ttl + config.staleSeconds()
                ? Optional.of(new Stale(entry.reply))
                : Optional.empty();
    }

    /** An answer whose time is over. */
    record Stale(Reply reply) {
        int write(byte[] out, int limit, Question question) {
            return reply.write(out, limit, question, 0, STALE_TTL);
        }
    }

    /** Keeps an answer, if it may be kept at all. */
    void put(QuestionKey key, Reply reply) {
        int ttl = Math.min(reply.ttl(), config.maxTtl());
        boolean failed = reply.rcode() != Rcode.NOERROR && reply.rcode() != Rcode.NXDOMAIN;
        if (rows == 0 || ttl <= 0 || failed || reply.isTruncated() || reply.length() > MOST_BYTES_EACH) {
            return;
        }
        Entry entry = new Entry(key, reply, nanos.getAsLong(), ttl);
        int row = row(key.hash(), key.type());
        int victim = row;
        long soonest = Long.MAX_VALUE;
        for (int i = row; i < row + WAYS; i++) {
            Entry there = slots.get(i);
            if (there == null || there.key.equals(key)) {
                victim = i;
                break;
            }
            long left = there.since + there.ttl * SECOND - entry.since;
            if (left < soonest) {
                soonest = left;
                victim = i;
            }
        }
        replace(victim, entry);
        // What is too much crowds out others in rows that follow, until all fit into the bounds again.
        for (int i = (victim + 1) % slots.length(); isTooMuch() && i != victim; i = (i + 1) % slots.length()) {
            if (slots.get(i) != null) {
                replace(i, null);
            }
        }
    }

    private boolean isTooMuch() {
        return entries.get() > config.entries() || bytes.get() > (long) config.entries() * MEAN_BYTES;
    }

    private void replace(int i, @Nullable Entry now) {
        Entry before = slots.getAndSet(i, now);
        bytes.addAndGet((now == null ? 0 : now.reply.length()) - (before == null ? 0L : before.reply.length()));
        entries.addAndGet((now == null ? 0 : 1) - (before == null ? 0 : 1));
        if (before != null && (now == null || !before.key.equals(now.key))) {
            metrics.evicted();
        }
    }

    private int row(int hash, int type) {
        return ((hash + type * 0x9E3779B9) & (rows - 1)) * WAYS;
    }

    long entries() {
        return entries.get();
    }

    long bytes() {
        return bytes.get();
    }
}
