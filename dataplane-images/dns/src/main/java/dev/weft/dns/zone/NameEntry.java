package dev.weft.dns.zone;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.RecordType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A name with its records as one array of bytes, which is what ten thousands of them cost least memory as:
 *
 * <pre>
 * int hash | u8 length, name | u8 sets | for each set: u16 type, u16 answers, u16 glue, i32 length, the records
 * </pre>
 *
 * The records are as they go into a message, after a question for the name itself: owners are pointers (RFC 1035 section
 * 4.1.4) to the question or to the target of a record before. A name without sets is there all the same: an empty
 * non-terminal (RFC 8020).
 */
public final class NameEntry {
    /** Where the question's name is in a message. */
    private static final int NAME_AT = 12;

    private static final int AFTER_NAME = 4;
    private static final int FARTHEST_POINTER = 0x3fff;
    private static final int SET_HEADER = 10;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private NameEntry() {}

    static byte[] of(DnsName name, List<RecordSet> sets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(name.hash());
            out.writeByte(name.length());
            out.write(name.wire());
            out.writeByte(sets.size());
            for (RecordSet set : sets) {
                byte[] records = new Writer(name).write(set);
                out.writeShort(set.type());
                out.writeShort(set.answers().size());
                out.writeShort(set.glue().size());
                out.writeInt(records.length);
                out.write(records);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    private static final class Writer {
        private final DnsName name;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        private final Map<DnsName, Integer> targets = new HashMap<>();

        Writer(DnsName name) {
            this.name = name;
        }

        byte[] write(RecordSet set) throws IOException {
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                for (ResourceRecord record : set.answers()) {
                    write(out, record);
                }
                for (ResourceRecord record : set.glue()) {
                    write(out, record);
                }
            }
            return bytes.toByteArray();
        }

        private void write(DataOutputStream out, ResourceRecord record) throws IOException {
            Integer known = targets.get(record.owner());
            if (record.owner().equals(name)) {
                out.writeShort(0xc000 | NAME_AT);
            } else if (known != null && known <= FARTHEST_POINTER) {
                out.writeShort(0xc000 | known);
            } else {
                out.write(record.owner().wire());
            }
            out.writeShort(record.type());
            out.writeShort(1);
            out.writeInt(record.ttl());
            out.writeShort(record.data().length);
            if (record.type() == RecordType.SRV) {
                int target = NAME_AT + name.length() + AFTER_NAME + bytes.size() + ResourceRecord.SRV_TARGET;
                targets.putIfAbsent(srvTarget(record.data()), target);
            }
            out.write(record.data());
        }
    }

    private static DnsName srvTarget(byte[] data) {
        return nameIn(data, ResourceRecord.SRV_TARGET);
    }

    static DnsName nameIn(byte[] data, int from) {
        DnsName name = DnsName.ROOT;
        List<String> labels = new ArrayList<>();
        for (int at = from; data[at] != 0; at += data[at] + 1) {
            labels.add(new String(data, at + 1, data[at], StandardCharsets.UTF_8));
        }
        for (String label : labels.reversed()) {
            name = name.child(label);
        }
        return name;
    }

    /** Whose records these are. */
    public static DnsName name(byte[] entry) {
        return nameIn(entry, 5);
    }

    static int hash(byte[] entry) {
        return (int) INT.get(entry, 0);
    }

    static boolean isNamed(byte[] entry, byte[] name, int from, int to) {
        int length = entry[4] & 0xff;
        return length == to - from && Arrays.equals(entry, 5, 5 + length, name, from, to);
    }

    static boolean sameName(byte[] entry, byte[] other) {
        return hash(entry) == hash(other) && isNamed(other, entry, 5, 5 + (entry[4] & 0xff));
    }

    /** Where the set of a type is, 0 if there is none. */
    public static int find(byte[] entry, int type) {
        int at = 5 + (entry[4] & 0xff);
        for (int sets = entry[at++]; sets > 0; sets--) {
            if (u16(entry, at) == type) {
                return at;
            }
            at += SET_HEADER + (int) INT.get(entry, at + 6);
        }
        return 0;
    }

    public static int answers(byte[] entry, int set) {
        return u16(entry, set + 2);
    }

    public static int glue(byte[] entry, int set) {
        return u16(entry, set + 4);
    }

    /** Length of the set's records in bytes. */
    public static int length(byte[] entry, int set) {
        return (int) INT.get(entry, set + 6);
    }

    /** Where the set's records begin. */
    public static int records(int set) {
        return set + SET_HEADER;
    }

    private static int u16(byte[] bytes, int at) {
        return (short) SHORT.get(bytes, at) & 0xffff;
    }

    /** A record in an entry from its type on, without the owner, which is the entry's name. */
    public record Slice(int from, int to) {}

    /** All records of the name itself, without glue. */
    public static List<Slice> slices(byte[] entry) {
        List<Slice> slices = new ArrayList<>();
        int set = 5 + (entry[4] & 0xff);
        for (int sets = entry[set++]; sets > 0; sets--) {
            int at = records(set);
            for (int i = answers(entry, set); i > 0; i--) {
                int end = at + 12 + u16(entry, at + 10);
                slices.add(new Slice(at + 2, end));
                at = end;
            }
            set = records(set) + length(entry, set);
        }
        return slices;
    }

    /** The names that the records of a set of names (PTR, NS) hold. */
    public static List<DnsName> names(byte[] entry, int type) {
        int set = find(entry, type);
        if (set == 0) {
            return List.of();
        }
        List<DnsName> names = new ArrayList<>();
        int at = records(set);
        for (int i = answers(entry, set); i > 0; i--) {
            names.add(nameIn(entry, at + 12));
            at += 12 + u16(entry, at + 10);
        }
        return names;
    }
}
