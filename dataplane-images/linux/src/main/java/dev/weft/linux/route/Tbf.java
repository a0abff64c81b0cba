package dev.weft.linux.route;

import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkWriter;
import java.time.Duration;
import java.util.Optional;

/**
 * A token bucket filter as a link's root queueing discipline (tc-tbf(8)): what leaves the link is held to a rate.
 *
 * @param rate bytes a second, at least 1
 * @param burst bytes that may leave at once, at least the largest packet that the link sends (offloaded ones too); below
 *     4 GiB
 * @param limit bytes that may wait; what is beyond is dropped; below 4 GiB
 */
public record Tbf(long rate, long burst, long limit) {
    private static final int HEADER = 20;
    private static final int TC_H_ROOT = 0xffffffff;
    private static final int TCA_KIND = 1;
    private static final int TCA_OPTIONS = 2;
    private static final int TCA_TBF_PARMS = 1;
    private static final int TCA_TBF_RATE64 = 4;
    private static final int TCA_TBF_BURST = 6;
    private static final int TC_LINKLAYER_ETHERNET = 1;
    private static final int RATE_AT = 8;
    private static final int LIMIT_AT = 24;
    private static final int BUFFER_AT = 28;
    private static final long UINT32 = 0xffffffffL;

    /** The unit of a {@code tc_tbf_qopt.buffer}: PSCHED_SHIFT is 6, so a tick has 64 ns. */
    private static final long NANOS_PER_TICK = 64;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    public Tbf {
        if (rate < 1 || burst < 1 || burst > UINT32 || limit < 0 || limit > UINT32) {
            throw new IllegalArgumentException(
                    "token bucket of " + rate + " bytes/s, burst " + burst + ", limit " + limit + " is out of range");
        }
    }

    /**
     * A bucket in the units of {@code kubernetes.io/ingress-bandwidth}, its limit so that no packet waits for longer than
     * the latency. What exceeds a 32-bit limit or burst is cut to it.
     *
     * @param bitsPerSecond at least 8
     */
    public static Tbf ofBits(long bitsPerSecond, long burstBytes, Duration latency) {
        long rate = bitsPerSecond / 8;
        double waiting = (double) rate * latency.toNanos() / NANOS_PER_SECOND;
        return new Tbf(rate, Math.min(burstBytes, UINT32), (long) Math.min(waiting + burstBytes, UINT32));
    }

    /** Puts it on the link in the place of what is there, in one step. */
    public Change replace(int link) {
        return Change.replace("set " + this + " on link " + link, message(link));
    }

    /** Puts it on the link; EEXIST if it has a token bucket. The kernel lets it take the place of another kind. */
    public Change add(int link) {
        return Change.create("add " + this + " to link " + link, message(link));
    }

    /** Takes the root queueing discipline off the link, whatever it is; ENOENT if it has only the default. */
    public static Change delete(int link) {
        return Change.of(
                "delete the root qdisc of link " + link,
                header(link, 0, TC_H_ROOT).message(RtmType.DELQDISC, 0));
    }

    /**
     * Without a handle the kernel changes a token bucket that is there and replaces another kind. It needs no rate table
     * where the link layer is told, and BURST goes before the time in {@code buffer}.
     */
    private NetlinkMessage message(int link) {
        NetlinkWriter writer = header(link, 0, TC_H_ROOT).attr(TCA_KIND, "tbf").nest(TCA_OPTIONS);
        NetlinkWriter parameters = new NetlinkWriter();
        rateSpec(parameters, Math.min(rate, UINT32));
        rateSpec(parameters, 0);
        parameters.u32((int) limit).u32((int) Math.min(bufferTicks(), UINT32)).u32(0);
        writer.attr(TCA_TBF_PARMS, parameters.toBytes());
        if (rate > UINT32) {
            writer.attrU64(TCA_TBF_RATE64, rate);
        }
        return writer.attrU32(TCA_TBF_BURST, (int) burst).endNest().message(RtmType.NEWQDISC, 0);
    }

    private long bufferTicks() {
        return (long) ((double) burst * NANOS_PER_SECOND / rate / NANOS_PER_TICK);
    }

    /** {@code struct tc_ratespec}, linux/pkt_sched.h. */
    private static void rateSpec(NetlinkWriter writer, long bytesPerSecond) {
        writer.u8(0)
                .u8(bytesPerSecond == 0 ? 0 : TC_LINKLAYER_ETHERNET)
                .u16(0)
                .u16(0)
                .u16(0)
                .u32((int) bytesPerSecond);
    }

    private static NetlinkWriter header(int link, int handle, int parent) {
        return new NetlinkWriter().u32(0).u32(link).u32(handle).u32(parent).u32(0);
    }

    /** Asks for the queueing disciplines of a link. */
    static NetlinkMessage get(int link) {
        return header(link, 0, 0).message(RtmType.GETQDISC, 0);
    }

    /**
     * Decodes RTM_NEWQDISC. The burst comes back as a time and so can differ from what was set, by a few bytes for each
     * megabyte a second.
     *
     * @return empty for other links, other kinds and those that are no root
     */
    static Optional<Tbf> decode(NetlinkMessage message, int link) {
        NetlinkReader reader = NetlinkReader.of(message, HEADER);
        NetlinkReader.Fields header = reader.header();
        if (header.i32(4) != link || header.i32(12) != TC_H_ROOT) {
            return Optional.empty();
        }
        String kind = "";
        Optional<Tbf> found = Optional.empty();
        while (reader.next()) {
            switch (reader.type()) {
                case TCA_KIND -> kind = reader.string();
                case TCA_OPTIONS -> found = kind.equals("tbf") ? options(reader.nested()) : Optional.empty();
                default -> {}
            }
        }
        return found;
    }

    private static Optional<Tbf> options(NetlinkReader options) {
        long rate = 0;
        long limit = 0;
        long ticks = 0;
        while (options.next()) {
            switch (options.type()) {
                case TCA_TBF_PARMS -> {
                    NetlinkReader.Fields fields = options.fields();
                    rate = rate == 0 ? fields.u32(RATE_AT) : rate;
                    limit = fields.u32(LIMIT_AT);
                    ticks = fields.u32(BUFFER_AT);
                }
                case TCA_TBF_RATE64 -> rate = options.u64();
                default -> {}
            }
        }
        long burst = Math.round((double) ticks * NANOS_PER_TICK * rate / NANOS_PER_SECOND);
        return rate < 1 ? Optional.empty() : Optional.of(new Tbf(rate, Math.clamp(burst, 1, UINT32), limit));
    }

    @Override
    public String toString() {
        return "tbf " + rate + " bytes/s burst " + burst + " limit " + limit;
    }
}
