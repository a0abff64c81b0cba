package dev.weft.ingress.match;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of routes by path. One walk over a path finds those of itself, of all its prefixes by element and by character,
 * whatever the number of routes, and makes no object: the hash of a prefix is that of a shorter one and one character more.
 */
final class PathTable {
    private static final int SEED = 0x811c9dc5; // FNV-1a
    private static final int PRIME = 0x01000193;
    private static final int[] NONE = {};
    private static final int KINDS = 3;
    private static final int ROOT = -1;
    private static final int EXPRESSION = -2;

    /** Rising numbers of routes, by how they compare. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(String path, int[] exact, int[] prefix, int[] text) {}

    /** Looks at candidates. */
    interface Candidates {
        /** @param routes rising */
        void look(int[] routes);
    }

    private final @Nullable Entry[] entries;
    private final int mask;
    private final int[] everywhere;
    private final BitSet textLengths = new BitSet();

    /** @param paths by number; those that are regular expressions are passed over */
    PathTable(List<PathMatch> paths) {
        int size = Integer.highestOneBit(Math.max(paths.size(), 1) * 4 - 1);
        mask = size - 1;
        @Nullable String[] keys = new String[size];
        int[] slots = new int[paths.size()];
        int[] counts = new int[KINDS * size];
        int root = 0;
        for (int i = 0; i < slots.length; i++) {
            PathMatch path = paths.get(i);
            slots[i] = isRoot(path) ? ROOT : slot(keys, text(path));
            if (slots[i] >= 0) {
                counts[slots[i] * KINDS + kind(path)]++;
            } else if (slots[i] == ROOT) {
                root++;
            }
            if (path instanceof PathMatch.Text(String prefix)) {
                textLengths.set(prefix.length());
            }
        }
        everywhere = numbers(root);
        entries = new Entry[size];
        for (int slot = 0; slot < size; slot++) {
            if (keys[slot] != null) {
                int at = slot * KINDS;
                entries[slot] =
                        new Entry(keys[slot], numbers(counts[at]), numbers(counts[at + 1]), numbers(counts[at + 2]));
            }
        }
        fill(paths, slots, new int[KINDS * size]);
    }

    private void fill(List<PathMatch> paths, int[] slots, int[] filled) {
        int root = 0;
        for (int i = 0; i < slots.length; i++) {
            Entry entry = slots[i] >= 0 ? entries[slots[i]] : null;
            if (entry != null) {
                int kind = kind(paths.get(i));
                int[] numbers = kind == 0 ? entry.exact : kind == 1 ? entry.prefix : entry.text;
                numbers[filled[slots[i] * KINDS + kind]++] = i;
            } else if (slots[i] == ROOT) {
                everywhere[root++] = i;
            }
        }
    }

    private static int[] numbers(int count) {
        return count == 0 ? NONE : new int[count];
    }

    private static boolean isRoot(PathMatch path) {
        return path instanceof PathMatch.Prefix(String text) && text.equals("/");
    }

    /** What is looked up; empty for an expression. */
    private static String text(PathMatch path) {
        return switch (path) {
            case PathMatch.Exact(String text) -> text;
            case PathMatch.Prefix(String text) -> text;
            case PathMatch.Text(String text) -> text;
            case PathMatch.Regex regex -> "";
        };
    }

    private static int kind(PathMatch path) {
        return path instanceof PathMatch.Exact ? 0 : path instanceof PathMatch.Prefix ? 1 : 2;
    }

    /** Where a path is, or comes to be. */
    private int slot(@Nullable String[] keys, String path) {
        if (path.isEmpty()) {
            return EXPRESSION;
        }
        int hash = SEED;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * PRIME;
        }
        int slot = spread(hash) & mask;
        while (keys[slot] != null && !path.equals(keys[slot])) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = path;
        return slot;
    }

    /** Shows the routes whose path may fit, in no order. */
    void walk(String path, Candidates candidates) {
        candidates.look(everywhere);
        int hash = SEED;
        int length = path.length();
        for (int i = 0; i <= length; i++) {
            boolean end = i == length;
            boolean elementEnds = end || (i > 0 && path.charAt(i) == '/');
            if (elementEnds || textLengths.get(i)) {
                Entry entry = find(path, i, hash);
                if (entry != null) {
                    candidates.look(end ? entry.exact : NONE);
                    candidates.look(elementEnds ? entry.prefix : NONE);
                    candidates.look(entry.text);
                }
            }
            if (!end) {
                hash = (hash ^ path.charAt(i)) * PRIME;
            }
        }
    }

    private @Nullable Entry find(String path, int length, int hash) {
        int slot = spread(hash) & mask;
        Entry entry = entries[slot];
        while (entry != null) {
            if (entry.path.length() == length && path.startsWith(entry.path)) {
                return entry;
            }
            slot = (slot + 1) & mask;
            entry = entries[slot];
        }
        return null;
    }

    private static int spread(int hash) {
        return hash ^ (hash >>> 15);
    }
}
