package dev.weft.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.weft.net.Family;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * The rules of one table of the old iptables as the kernel keeps them (linux/netfilter/x_tables.h,
 * linux/netfilter_ipv4/ip_tables.h, ip6_tables.h): entries one behind the other, the built-in chains first. A chain of a
 * user begins with an entry whose target is {@code ERROR} and carries the chain's name, and a jump is the offset of the
 * entry behind it. Only offsets are understood here: what rules match stays bytes. Touches no kernel.
 */
final class XTablesRules {
    /** {@code NF_INET_NUMHOOKS}. */
    static final int HOOKS = 5;

    static final int COUNTER_BYTES = 16;

    private static final int TARGET_DATA = 32;
    private static final int TARGET_NAME = 2;
    private static final int TARGET_NAME_BYTES = 29;
    private static final int CHAIN_NAME_BYTES = 30;
    private static final String STANDARD = "";
    private static final String ERROR = "ERROR";
    private static final int NO_JUMP = -1;

    /** The kernel's {@code XT_ALIGN}. */
    private static final int ALIGNMENT = 8;

    /** Where an entry has what: {@code struct ipt_entry} and {@code struct ip6t_entry}. */
    private record Shape(int targetOffset, int nextOffset, int counters, int bytes) {
        static Shape of(Family family) {
            return switch (family) {
                case IPV4 -> new Shape(88, 90, 96, 112);
                case IPV6 -> new Shape(140, 142, 152, 168);
            };
        }
    }

    /**
     * Where a table's built-in chains are.
     *
     * @param valid a bit for each hook that the table has
     * @param entry offset of the first rule of each hook
     * @param underflow offset of each hook's policy
     */
    record Hooks(int valid, List<Integer> entry, List<Integer> underflow) {
        Hooks {
            entry = List.copyOf(entry);
            underflow = List.copyOf(underflow);
        }

        boolean has(int hook) {
            return (valid & 1 << hook) != 0;
        }
    }

    private final Shape shape;
    private final Hooks hooks;
    private final MemorySegment entries;
    private final int[] offsets;
    /** The offset that each entry jumps to, or {@link #NO_JUMP}. */
    private final int[] jumps;
    /** Entries that a user's chain begins with; the table's last is one, too. */
    private final BitSet heads = new BitSet();

    /**
     * @param entries as the kernel gave them
     * @param count of entries
     * @throws LinuxException EINVAL if the bytes are no such entries
     */
    XTablesRules(Family family, Hooks hooks, MemorySegment entries, int count) {
        this.shape = Shape.of(family);
        this.hooks = hooks;
        this.entries = entries;
        // Not before the count is known to be possible: it is only a number that was read.
        require(count > 0 && (long) count * shape.bytes() <= entries.byteSize(), "so many entries have no room");
        this.offsets = new int[count];
        this.jumps = new int[count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            require(entries.byteSize() - at >= shape.bytes(), "an entry is cut off");
            int length = u16(at + shape.nextOffset());
            int target = u16(at + shape.targetOffset());
            require(
                    target >= shape.bytes()
                            && length % ALIGNMENT == 0
                            && target + TARGET_DATA <= length
                            && length <= entries.byteSize() - at,
                    "an entry has no room for its target");
            offsets[i] = at;
            jumps[i] = read(i, at + target, at + length);
            at += length;
        }
        require(at == entries.byteSize(), "there is more than entries");
        require(heads.get(count - 1), "the last entry is no end");
        checkOffsets();
    }

    private int read(int index, int target, int end) {
        String name = string(target + TARGET_NAME, TARGET_NAME_BYTES);
        if (name.equals(ERROR)) {
            require(target + TARGET_DATA + CHAIN_NAME_BYTES <= end, "a chain's name is cut off");
            heads.set(index);
        } else if (name.equals(STANDARD)) {
            require(target + TARGET_DATA + Integer.BYTES <= end, "a verdict is cut off");
            int verdict = entries.get(JAVA_INT_UNALIGNED, target + TARGET_DATA);
            // Negative ones are verdicts; one that leads to the next entry is a rule without a target.
            return verdict < 0 || verdict == end ? NO_JUMP : verdict;
        }
        return NO_JUMP;
    }

    private void checkOffsets() {
        for (int jump : jumps) {
            require(jump == NO_JUMP || Arrays.binarySearch(offsets, jump) >= 0, "a jump leads between entries");
        }
        for (int hook = 0; hook < HOOKS; hook++) {
            if (hooks.has(hook)) {
                require(
                        Arrays.binarySearch(offsets, hooks.entry().get(hook)) >= 0
                                && Arrays.binarySearch(
                                                offsets, hooks.underflow().get(hook))
                                        >= 0,
                        "a hook leads between entries");
            }
        }
    }

    /** Whether a user's chain has a name that fits. */
    boolean has(Predicate<String> chain) {
        return heads.stream().limit(heads.cardinality() - 1L).anyMatch(head -> chain.test(name(head)));
    }

    /** These rules without some chains and what jumps to them. The caller's memory has the new ones. */
    Without without(Predicate<String> chain, SegmentAllocator memory) {
        BitSet gone = gone(chain);
        int kept = offsets.length - gone.cardinality();
        // Where an entry is afterwards; of one that went, the next that stays.
        int[] moved = new int[offsets.length];
        int size = 0;
        for (int i = 0; i < offsets.length; i++) {
            moved[i] = size;
            size += gone.get(i) ? 0 : length(i);
        }
        MemorySegment left = memory.allocate(size, ALIGNMENT);
        MemorySegment counters = memory.allocate((long) kept * COUNTER_BYTES, ALIGNMENT);
        int index = 0;
        for (int i = gone.nextClearBit(0); i < offsets.length; i = gone.nextClearBit(i + 1)) {
            MemorySegment.copy(entries, offsets[i], left, moved[i], length(i));
            MemorySegment.copy(
                    entries, offsets[i] + shape.counters(), counters, (long) index++ * COUNTER_BYTES, COUNTER_BYTES);
            int target = u16(offsets[i] + shape.targetOffset());
            int verdict = moved[i] + target + TARGET_DATA;
            if (jumps[i] != NO_JUMP) {
                left.set(JAVA_INT_UNALIGNED, verdict, moved(moved, jumps[i]));
            } else if (fallsThrough(i, target)) {
                left.set(JAVA_INT_UNALIGNED, verdict, moved[i] + length(i));
            }
        }
        List<Integer> entry = new ArrayList<>();
        List<Integer> underflow = new ArrayList<>();
        for (int hook = 0; hook < HOOKS; hook++) {
            entry.add(hooks.has(hook) ? moved(moved, hooks.entry().get(hook)) : 0);
            underflow.add(hooks.has(hook) ? moved(moved, hooks.underflow().get(hook)) : 0);
        }
        return new Without(new Hooks(hooks.valid(), entry, underflow), left, kept, counters);
    }

    /**
     * @param counters packets and bytes of the entries that are left, which the kernel sets to 0
     */
    record Without(Hooks hooks, MemorySegment entries, int count, MemorySegment counters) {}

    private BitSet gone(Predicate<String> chain) {
        BitSet gone = new BitSet();
        int last = offsets.length - 1;
        BitSet starts = new BitSet();
        for (int hook = 0; hook < HOOKS; hook++) {
            if (hooks.has(hook)) {
                starts.set(Arrays.binarySearch(offsets, hooks.entry().get(hook)));
            }
        }
        boolean goes = false;
        for (int i = 0; i < last; i++) {
            if (heads.get(i)) {
                goes = chain.test(name(i));
            } else if (starts.get(i)) {
                goes = false;
            }
            gone.set(i, goes);
        }
        // Apart, since a chain that stays may begin with a rule that goes.
        BitSet chains = (BitSet) gone.clone();
        for (int i = 0; i < last; i++) {
            if (jumps[i] != NO_JUMP && chains.get(Arrays.binarySearch(offsets, jumps[i]))) {
                gone.set(i);
            }
        }
        return gone;
    }

    private int moved(int[] moved, int offset) {
        return moved[Arrays.binarySearch(offsets, offset)];
    }

    private boolean fallsThrough(int i, int target) {
        return !heads.get(i)
                && string(offsets[i] + target + TARGET_NAME, TARGET_NAME_BYTES).equals(STANDARD)
                && entries.get(JAVA_INT_UNALIGNED, offsets[i] + target + TARGET_DATA) == offsets[i] + length(i);
    }

    private int length(int i) {
        return u16(offsets[i] + shape.nextOffset());
    }

    private String name(int head) {
        int target = offsets[head] + u16(offsets[head] + shape.targetOffset());
        return string(target + TARGET_DATA, CHAIN_NAME_BYTES);
    }

    private int u16(int at) {
        return Short.toUnsignedInt(entries.get(JAVA_SHORT_UNALIGNED, at));
    }

    private String string(int at, int most) {
        byte[] bytes = entries.asSlice(at, most).toArray(JAVA_BYTE);
        int length = 0;
        while (length < most && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new LinuxException(Errno.EINVAL, "getsockopt", "understand iptables' rules", otherwise);
        }
    }
}
