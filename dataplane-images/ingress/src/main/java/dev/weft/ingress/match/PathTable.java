package dev.weft.ingress.match;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of routes by path. One walk over a path finds those of itself, of all its prefixes by element and by character,
 * whatever the number of routes, and makes no object: the hash of a prefix is that of a shorter one and one character more.
 */
final class PathTable {
    private static final int SEED = 0x811c9dc5; // FNV-1a
    private static final int PRIME = 0x01000193;
    private static final int[] NONE = {};

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
        Map<String, Draft> drafts = new HashMap<>();
        Draft root = new Draft();
        for (int i = 0; i < paths.size(); i++) {
            switch (paths.get(i)) {
                case PathMatch.Exact(String path) -> draft(drafts, path).exact.add(i);
                case PathMatch.Prefix(String path) -> (path.equals("/") ? root : draft(drafts, path)).prefix.add(i);
                case PathMatch.Text(String prefix) -> {
                    textLengths.set(prefix.length());
                    draft(drafts, prefix).text.add(i);
                }
                case PathMatch.Regex regex -> {}
            }
        }
        everywhere = root.prefix.toArray();
        int size = Integer.highestOneBit(Math.max(drafts.size(), 1) * 4 - 1);
        entries = new Entry[size];
        mask = size - 1;
        drafts.forEach((path, draft) ->
                put(new Entry(path, draft.exact.toArray(), draft.prefix.toArray(), draft.text.toArray())));
    }

    private static Draft draft(Map<String, Draft> drafts, String path) {
        return drafts.computeIfAbsent(path, key -> new Draft());
    }

    private void put(Entry entry) {
        int hash = SEED;
        for (int i = 0; i < entry.path.length(); i++) {
            hash = (hash ^ entry.path.charAt(i)) * PRIME;
        }
        int slot = spread(hash) & mask;
        while (entries[slot] != null) {
            slot = (slot + 1) & mask;
        }
        entries[slot] = entry;
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

    private static final class Draft {
        private final Numbers exact = new Numbers();
        private final Numbers prefix = new Numbers();
        private final Numbers text = new Numbers();
    }

    private static final class Numbers {
        private int[] numbers = NONE;
        private int count;

        void add(int number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, Math.max(1, count * 2));
            }
            numbers[count++] = number;
        }

        int[] toArray() {
            return count == 0 ? NONE : Arrays.copyOf(numbers, count);
        }
    }
}
