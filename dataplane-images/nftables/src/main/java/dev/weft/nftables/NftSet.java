package dev.weft.nftables;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A named set or, with values, a map; without its elements.
 *
 * @param values what the map gives: empty for a set
 * @param timeout after which elements go, zero for never; needs the flag TIMEOUT
 * @param size most elements, 0 for no limit; a DYNAMIC set needs one, so that packets cannot fill the memory
 * @param comment shown by nft, at most 127 bytes without quotes; empty for none
 */
public record NftSet(
        String name,
        SetType keys,
        Optional<Target> values,
        Set<Flag> flags,
        Duration timeout,
        int size,
        String comment) {
    public NftSet {
        Names.check("set", name);
        Names.checkComment(comment);
        flags = Set.copyOf(flags);
        if (timeout.isNegative() || (!timeout.isZero() && !flags.contains(Flag.TIMEOUT))) {
            throw new IllegalArgumentException("set " + name + ": timeout " + timeout + " without the flag");
        }
        if (size < 0) {
            throw new IllegalArgumentException("set " + name + ": size " + size);
        }
    }

    /** What a map gives: {@link SetType} for bytes or {@link ToVerdict}. */
    public sealed interface Target {
        /** Bytes of a type. */
        record ToData(SetType type) implements Target {}

        /** A verdict. */
        record ToVerdict() implements Target {}
    }

    /** {@code enum nft_set_flags}, as far as a declaration chooses them. */
    public enum Flag {
        CONSTANT(0x2),
        INTERVAL(0x4),
        TIMEOUT(0x10),
        /** Filled by packets; {@link Diff} leaves the elements of such sets alone. */
        DYNAMIC(0x20);

        private final int bit;

        Flag(int bit) {
            this.bit = bit;
        }

        int bit() {
            return bit;
        }
    }

    public static NftSet set(String name, DataType... keys) {
        return new NftSet(name, SetType.of(keys), Optional.empty(), Set.of(), Duration.ZERO, 0, "");
    }

    /** A verdict map. */
    public static NftSet verdictMap(String name, DataType... keys) {
        return set(name, keys).withValues(new Target.ToVerdict());
    }

    /** A map from {@code keys} to {@code values}. */
    public static NftSet map(String name, SetType keys, SetType values) {
        return new NftSet(name, keys, Optional.of(new Target.ToData(values)), Set.of(), Duration.ZERO, 0, "");
    }

    /** Keys may be ranges and prefixes that do not overlap. */
    public NftSet interval() {
        return withFlag(Flag.INTERVAL);
    }

    /** Filled by packets, at most {@code size} elements, each for {@code timeout} after its last refresh. */
    public NftSet dynamic(int size, Duration timeout) {
        NftSet flagged = withFlag(Flag.DYNAMIC).withFlag(Flag.TIMEOUT);
        return new NftSet(name, keys, values, flagged.flags, timeout, size, comment);
    }

    /**
     * With a comment for nft to show.
     *
     * @throws IllegalArgumentException if it is too long: 127 bytes, or 80 where nft must be told the types as well
     */
    public NftSet comment(String text) {
        NftSet commented = new NftSet(name, keys, values, flags, timeout, size, text);
        if (Userdata.ofSet(commented).length > Userdata.MAX_LENGTH) {
            throw new IllegalArgumentException(this + " has no room for a comment so long: " + text);
        }
        return commented;
    }

    private NftSet withValues(Target target) {
        return new NftSet(name, keys, Optional.of(target), flags, timeout, size, comment);
    }

    private NftSet withFlag(Flag flag) {
        Set<Flag> more = EnumSet.of(flag);
        more.addAll(flags);
        return new NftSet(name, keys, values, more, timeout, size, comment);
    }

    public boolean isMap() {
        return values.isPresent();
    }

    boolean isDynamic() {
        return flags.contains(Flag.DYNAMIC);
    }

    boolean isInterval() {
        return flags.contains(Flag.INTERVAL);
    }

    /** A key of this set; see {@link SetType#encode}. */
    public Data key(Object... parts) {
        return keys.encode(parts);
    }

    /**
     * A value of this map; see {@link SetType#encode}.
     *
     * @throws IllegalStateException if this is a set or a verdict map
     */
    public Data value(Object... parts) {
        return switch (values.orElseThrow(() -> new IllegalStateException(name + " is no map"))) {
            case Target.ToData(SetType type) -> type.encode(parts);
            case Target.ToVerdict() -> throw new IllegalStateException(name + " maps to verdicts");
        };
    }

    @Override
    public String toString() {
        return (isMap() ? "map " : "set ") + name;
    }
}
