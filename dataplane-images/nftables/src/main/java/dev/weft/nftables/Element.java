package dev.weft.nftables;

import dev.weft.net.Cidr;
import java.time.Duration;
import java.util.Optional;

/**
 * One element of a set or map.
 *
 * @param key first key of an interval, else the key
 * @param last last key of an interval, inclusive in each field; equal to {@code key} outside interval sets
 * @param timeout of this element alone, zero for the set's own
 * @param comment shown by nft, at most 127 bytes without quotes; empty for none
 */
public record Element(Data key, Data last, Optional<Value> value, Duration timeout, String comment) {
    public Element {
        if (key.length() != last.length()) {
            throw new IllegalArgumentException("interval " + key + "-" + last + " differs in length");
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout " + timeout);
        }
        Names.checkComment(comment);
    }

    /** An element of a set. */
    public static Element of(Data key) {
        return new Element(key, key, Optional.empty(), Duration.ZERO, "");
    }

    /** An element of a map. */
    public static Element of(Data key, Value value) {
        return new Element(key, key, Optional.of(value), Duration.ZERO, "");
    }

    /** All keys from {@code first} to {@code last}, in each field of a concatenation; for interval sets. */
    public static Element range(Data first, Data last) {
        return new Element(first, last, Optional.empty(), Duration.ZERO, "");
    }

    /** All addresses of a prefix, for interval sets of one field. */
    public static Element of(Cidr prefix) {
        return range(Data.of(prefix.network()), Data.of(prefix.last()));
    }

    /** This interval as an element of a map. */
    public Element to(Value newValue) {
        return new Element(key, last, Optional.of(newValue), timeout, comment);
    }

    public Element timeout(Duration newTimeout) {
        return new Element(key, last, value, newTimeout, comment);
    }

    public Element comment(String newComment) {
        return new Element(key, last, value, timeout, newComment);
    }

    boolean isInterval() {
        return !key.equals(last);
    }
}
