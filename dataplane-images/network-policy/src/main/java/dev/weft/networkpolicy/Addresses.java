package dev.weft.networkpolicy;

import dev.weft.kube.NetworkPolicy.Peer.Block;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Addresses of one family: ranges in ascending order that neither overlap nor touch, so that equal sets are equal values.
 */
record Addresses(Family family, List<Range> ranges) {
    Addresses {
        ranges = List.copyOf(ranges);
    }

    /** From first to last, both inclusive. */
    record Range(Ip first, Ip last) {
        boolean contains(Ip ip) {
            return first.compareTo(ip) <= 0 && ip.compareTo(last) <= 0;
        }

        @Override
        public String toString() {
            return first + "-" + last;
        }
    }

    static Addresses none(Family family) {
        return new Addresses(family, List.of());
    }

    static Addresses all(Family family) {
        return of(new Cidr(Ip.of(new byte[family.bits() / 8]), 0));
    }

    static Addresses of(Cidr cidr) {
        return new Addresses(cidr.family(), List.of(new Range(cidr.network(), cidr.last())));
    }

    /** Of one family, what any of the blocks has. */
    static Addresses of(Family family, Collection<Block> blocks) {
        Addresses all = none(family);
        for (Block block : blocks) {
            if (block.cidr().family() == family) {
                Addresses one = of(block.cidr());
                for (Cidr except : block.except()) {
                    if (except.family() == family) {
                        one = one.without(except);
                    }
                }
                all = all.and(one);
            }
        }
        return all;
    }

    /** These and those of the other. */
    Addresses and(Addresses other) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.addAll(other.ranges);
        sorted.sort(Comparator.comparing(Range::first));
        List<Range> joined = new ArrayList<>();
        for (Range range : sorted) {
            if (!joined.isEmpty() && touches(joined.getLast(), range)) {
                Range before = joined.removeLast();
                Ip last = before.last().compareTo(range.last()) > 0 ? before.last() : range.last();
                joined.add(new Range(before.first(), last));
            } else {
                joined.add(range);
            }
        }
        return new Addresses(family, joined);
    }

    /** Of two in order: whether the second begins within the first or right behind it. */
    private static boolean touches(Range first, Range second) {
        return second.first().compareTo(first.last()) <= 0
                || second.first().plus(-1).equals(first.last());
    }

    private Addresses without(Cidr hole) {
        Ip first = hole.network();
        Ip last = hole.last();
        List<Range> left = new ArrayList<>();
        for (Range range : ranges) {
            if (last.compareTo(range.first()) < 0 || range.last().compareTo(first) < 0) {
                left.add(range);
                continue;
            }
            if (range.first().compareTo(first) < 0) {
                left.add(new Range(range.first(), first.plus(-1)));
            }
            if (last.compareTo(range.last()) < 0) {
                left.add(new Range(last.plus(1), range.last()));
            }
        }
        return new Addresses(family, left);
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    boolean isAll() {
        return equals(all(family));
    }

    boolean contains(Ip ip) {
        return ip.family() == family && ranges.stream().anyMatch(range -> range.contains(ip));
    }
}
