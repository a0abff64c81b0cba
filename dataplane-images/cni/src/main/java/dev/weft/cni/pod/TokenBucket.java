package dev.weft.cni.pod;

import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkWriter;
import java.util.Optional;

/**
 * A token bucket filter (tc-tbf(8)) as the root queue of one end of a pod link.
 *
 * @param bytesPerSecond rate
 * @param burstBytes what may pass at once
 */
record TokenBucket(long bytesPerSecond, long burstBytes) {
    static final int RTM_NEWQDISC = 36;
    static final int RTM_GETQDISC = 38;
    static final int TCMSG = 20;
    static final int TCA_KIND = 1;
    private static final int TCA_OPTIONS = 2;
    private static final int TCA_TBF_PARMS = 1;
    private static final int TCA_TBF_RATE64 = 4;
    private static final int TCA_TBF_BURST = 6;
    private static final int TC_H_ROOT = -1;
    private static final int HANDLE = 1 << 16;
    private static final int TC_LINKLAYER_ETHERNET = 1;
    private static final long MAX_U32 = 0xffff_ffffL;
    private static final int ETHERNET_HEADER = 14;

    /** Packets wait for so long at most, as in the reference bandwidth plugin. */
    private static final double LATENCY_SECONDS = 0.025;

    /**
     * Runtimes that have no burst to pass on pass the most that fits (containerd 2^32-1 bits): a bucket of that size
     * would let half a gigabyte through before the rate came into force.
     */
    private static final long NO_BURST_GIVEN = MAX_U32;

    private static final double DEFAULT_BURST_SECONDS = 0.1;
    private static final long LEAST_DEFAULT_BURST = 128 << 10;

    /**
     * The bucket for a rate and a burst in bits; empty for rate 0, no limit. It holds at least one packet of the link's
     * MTU: larger ones would never pass.
     */
    static Optional<TokenBucket> of(long bitsPerSecond, long burstBits, int mtu) {
        if (bitsPerSecond == 0) {
            return Optional.empty();
        }
        long rate = bitsPerSecond / 8;
        long burst = burstBits >= NO_BURST_GIVEN
                ? Math.max(LEAST_DEFAULT_BURST, (long) (rate * DEFAULT_BURST_SECONDS))
                : burstBits / 8;
        return Optional.of(new TokenBucket(rate, Math.clamp(burst, mtu + ETHERNET_HEADER, MAX_U32)));
    }

    /** Bytes that may wait. */
    long limitBytes() {
        return Math.min(MAX_U32, (long) (bytesPerSecond * LATENCY_SECONDS) + burstBytes);
    }

    /** Puts the bucket on an interface in place of what is there ({@code struct tc_tbf_qopt}, linux/pkt_sched.h). */
    NetlinkMessage message(int index) {
        NetlinkWriter writer = new NetlinkWriter();
        tcmsg(writer, index, HANDLE, TC_H_ROOT).attr(TCA_KIND, "tbf").nest(TCA_OPTIONS);
        NetlinkWriter parms = new NetlinkWriter(64);
        ratespec(parms, (int) Math.min(bytesPerSecond, MAX_U32));
        ratespec(parms, 0); // no peak rate
        parms.u32((int) limitBytes()).u32(0).u32(0); // buffer and mtu: TCA_TBF_BURST says it in bytes
        writer.attr(TCA_TBF_PARMS, parms.toBytes());
        if (bytesPerSecond > MAX_U32) {
            writer.attrU64(TCA_TBF_RATE64, bytesPerSecond);
        }
        return writer.attrU32(TCA_TBF_BURST, (int) burstBytes)
                .endNest()
                .message(RTM_NEWQDISC, NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_REPLACE);
    }

    /** Asks for the queues of all interfaces. */
    static NetlinkMessage dump() {
        return tcmsg(new NetlinkWriter(32), 0, 0, 0).message(RTM_GETQDISC, 0);
    }

    private static NetlinkWriter tcmsg(NetlinkWriter writer, int index, int handle, int parent) {
        return writer.u32(0).u32(index).u32(handle).u32(parent).u32(0);
    }

    private static void ratespec(NetlinkWriter writer, int rate) {
        writer.u8(0).u8(TC_LINKLAYER_ETHERNET).u16(0).u16(0).u16(0).u32(rate);
    }
}
