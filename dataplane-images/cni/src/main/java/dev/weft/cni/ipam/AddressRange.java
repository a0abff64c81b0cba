package dev.weft.cni.ipam;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A podCIDR of this node and the addresses in it that pods may have: all but the first (the VTEP's), the second (the
 * probe endpoint's) and, in IPv4, the last, which looks like a broadcast address to other equipment.
 *
 * @param cidr the prefix
 */
public record AddressRange(Cidr cidr) {
    private static final long FIRST_OFFSET = 2;
    /** Further addresses of a range are never needed; the bound keeps offsets within {@code long}. */
    private static final int MAX_BITS = 48;

    /** Number of addresses for pods, 0 in prefixes that are too long. */
    public long count() {
        return Math.max(0, lastOffset() - FIRST_OFFSET + 1);
    }

    /**
     * The first free address after {@code last}, going round at the end.
     *
     * @param last the address that was given out latest; one outside of the range means: start at the beginning
     * @param taken addresses that are not free
     * @return empty when there is none
     */
    public Optional<Ip> next(Ip last, Predicate<Ip> taken) {
        long count = count();
        long start = cidr.contains(last) ? Math.max(0, offset(last) - FIRST_OFFSET + 1) : 0;
        for (long i = 0; i < count; i++) {
            Ip candidate = cidr.network().plus(FIRST_OFFSET + Math.floorMod(start + i, count));
            if (!taken.test(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private long offset(Ip address) {
        BigInteger offset = address.number().subtract(cidr.network().number());
        return offset.bitLength() > MAX_BITS ? FIRST_OFFSET : offset.longValueExact();
    }

    private long lastOffset() {
        int bits = Math.min(cidr.family().bits() - cidr.length(), MAX_BITS);
        return (1L << bits) - (cidr.family() == Family.IPV4 ? 2 : 1);
    }
}
