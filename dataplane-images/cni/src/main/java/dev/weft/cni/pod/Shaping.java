package dev.weft.cni.pod;

import dev.weft.linux.route.Tbf;
import java.time.Duration;
import java.util.Optional;

/** How limits of a pod's traffic become token buckets. Pure. */
final class Shaping {
    /** Packets wait for so long at most, as in the reference bandwidth plugin. */
    private static final Duration LATENCY = Duration.ofMillis(25);

    /**
     * Runtimes that have no burst to pass on pass the most that fits (containerd 2^32-1 bits): a bucket of that size
     * would let half a gigabyte through before the rate came into force.
     */
    private static final long NO_BURST_GIVEN = 0xffff_ffffL;

    private static final long DEFAULT_BURSTS_PER_SECOND = 10;
    private static final long LEAST_DEFAULT_BURST = 128 << 10;
    private static final int ETHERNET_HEADER = 14;

    private Shaping() {}

    /**
     * The bucket for a rate and a burst in bits; empty for rate 0, no limit. It holds at least one packet of the link's
     * MTU: larger ones would never pass.
     */
    static Optional<Tbf> of(long bitsPerSecond, long burstBits, int mtu) {
        if (bitsPerSecond == 0) {
            return Optional.empty();
        }
        long burst = burstBits >= NO_BURST_GIVEN
                ? Math.max(LEAST_DEFAULT_BURST, bitsPerSecond / 8 / DEFAULT_BURSTS_PER_SECOND)
                : burstBits / 8;
        return Optional.of(Tbf.ofBits(bitsPerSecond, Math.max(burst, mtu + ETHERNET_HEADER), LATENCY));
    }
}
