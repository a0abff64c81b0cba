package dev.weft.dns.zone;

import dev.weft.dns.wire.DnsName;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Names to {@link NameEntry entries}: open addressing with linear probing over one array of references. One thread
 * writes; any number read without locks and never wait: an entry is immutable and replaced as a whole, an array that
 * became too small is replaced by a larger copy.
 */
public final class NameTable {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(byte[][].class);
    private static final byte[] REMOVED = new byte[0];
    private static final int SMALLEST = 64;

    private volatile byte[][] slots = new byte[SMALLEST][];
    private int live;
    private int removed;

    /** The entry of a name in lower case, {@code name[from, to)}, or null. */
    public byte @Nullable [] find(byte[] name, int from, int to, int hash) {
        byte[][] table = slots;
        int mask = table.length - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            byte[] entry = (byte[]) SLOT.getAcquire(table, i);
            if (entry == null) {
                return null;
            }
            if (entry.length != 0 && NameEntry.hash(entry) == hash && NameEntry.isNamed(entry, name, from, to)) {
                return entry;
            }
        }
    }

    /** The entry of this very name, or null. */
    public byte @Nullable [] find(DnsName name) {
        byte[] wire = name.wire();
        return find(wire, 0, wire.length, name.hash());
    }

    /** Adds an entry or replaces the one of the same name. */
    void put(byte[] entry) {
        byte[][] table = slots;
        int mask = table.length - 1;
        int free = -1;
        for (int i = NameEntry.hash(entry) & mask; ; i = (i + 1) & mask) {
            byte[] there = table[i];
            if (there == null) {
                if (free < 0) {
                    free = i;
                } else {
                    removed--;
                }
                break;
            }
            if (there.length == 0) {
                free = free < 0 ? i : free;
            } else if (NameEntry.sameName(entry, there)) {
                SLOT.setRelease(table, i, entry);
                return;
            }
        }
        SLOT.setRelease(table, free, entry);
        live++;
        if (2 * (live + removed) > table.length) {
            rebuild();
        }
    }

    void remove(DnsName name) {
        byte[][] table = slots;
        int mask = table.length - 1;
        byte[] wire = name.wire();
        int hash = name.hash();
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            byte[] there = table[i];
            if (there == null) {
                return;
            }
            if (there.length != 0 && NameEntry.hash(there) == hash && NameEntry.isNamed(there, wire, 0, wire.length)) {
                SLOT.setRelease(table, i, REMOVED);
                live--;
                removed++;
                if (live > SMALLEST && 8 * live < table.length) {
                    rebuild();
                }
                return;
            }
        }
    }

    private void rebuild() {
        int size = Math.max(SMALLEST, Integer.highestOneBit(Math.max(live, 1)) * 4);
        byte[][] next = new byte[size][];
        for (byte[] entry : slots) {
            if (entry != null && entry.length != 0) {
                int i = NameEntry.hash(entry) & (size - 1);
                while (next[i] != null) {
                    i = (i + 1) & (size - 1);
                }
                next[i] = entry;
            }
        }
        removed = 0;
        slots = next;
    }

    /** How many names there are. */
    public int size() {
        return live;
    }

    /** Bytes of all entries, for those who care about memory. */
    public long bytes() {
        long sum = 0;
        for (byte[] entry : slots) {
            sum += entry == null ? 0 : entry.length;
        }
        return sum;
    }

    /** Visits every entry, in no order. */
    public void forEach(Consumer<byte[]> visitor) {
        for (byte[] entry : slots) {
            if (entry != null && entry.length != 0) {
                visitor.accept(entry);
            }
        }
    }
}
