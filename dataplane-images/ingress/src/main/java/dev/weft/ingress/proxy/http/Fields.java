package dev.weft.ingress.proxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Header fields as lines of text in one array, with an index. A head is copied into it once and copied out once, in as few
 * pieces as there are gaps; no field becomes an object unless somebody asks for its value.
 */
public final class Fields {
    /** Start and end of the name, start and end of the value, number of the name. */
    private static final int STRIDE = 5;

    /** What an array shrinks to when a connection has no request. */
    private static final int KEPT = 2048;

    /** Put on the number of a name whose line is not exactly {@code name: value\r\n}. */
    private static final int UNEVEN = 0x100;

    private static final int REMOVED = 0x200;

    private byte[] bytes;
    private int end;
    private int[] index;
    private int count;
    private long present;
    private boolean odd;

    /** With room for most heads, to be used again and again. */
    public Fields() {
        this(1024, 24);
    }

    /**
     * With room for one head, which grows if need be.
     *
     * @param size bytes of all lines, more than 0
     * @param lines how many, more than 0
     */
    public Fields(int size, int lines) {
        bytes = new byte[size];
        index = new int[lines * STRIDE];
    }

    public Fields clear() {
        end = 0;
        count = 0;
        present = 0;
        odd = false;
        if (bytes.length > KEPT) {
            bytes = new byte[KEPT];
            index = new int[24 * STRIDE];
        }
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Bytes in use. */
    public int end() {
        return end;
    }

    /** Takes bytes over as they are, not yet as fields. */
    public void take(ByteBuf in, int n) {
        ensure(n);
        in.readBytes(bytes, end, n);
        end += n;
    }

    /** Gives back the last bytes that were taken. */
    public void cut(int newEnd) {
        end = newEnd;
    }

    /** Marks a line within the bytes as a field. */
    public void index(int nameStart, int nameEnd, int valueStart, int valueEnd, boolean even) {
        int id = FieldName.of(bytes, nameStart, nameEnd);
        index(nameStart, nameEnd, valueStart, valueEnd, even ? id : id | UNEVEN);
    }

    private void index(int nameStart, int nameEnd, int valueStart, int valueEnd, int id) {
        int at = count * STRIDE;
        if (at + STRIDE > index.length) {
            index = Arrays.copyOf(index, index.length * 2);
        }
        index[at] = nameStart;
        index[at + 1] = nameEnd;
        index[at + 2] = valueStart;
        index[at + 3] = valueEnd;
        index[at + 4] = id;
        count++;
        present |= 1L << id;
    }

    /** How many lines there are, those included that were removed since. */
    public int count() {
        return count;
    }

    public boolean isRemoved(int field) {
        return (index[field * STRIDE + 4] & REMOVED) != 0;
    }

    public int id(int field) {
        return index[field * STRIDE + 4] & 0xff;
    }

    public int nameStart(int field) {
        return index[field * STRIDE];
    }

    public int nameEnd(int field) {
        return index[field * STRIDE + 1];
    }

    public int valueStart(int field) {
        return index[field * STRIDE + 2];
    }

    public int valueEnd(int field) {
        return index[field * STRIDE + 3];
    }

    /** As it was sent. */
    public String name(int field) {
        return text(nameStart(field), nameEnd(field));
    }

    public String value(int field) {
        return text(valueStart(field), valueEnd(field));
    }

    public String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Whether a known field is there. */
    public boolean has(int id) {
        return (present & 1L << id) != 0;
    }

    public boolean hasAny(long mask) {
        return (present & mask) != 0;
    }

    /** The first of that name at or after {@code from}, or -1. */
    public int find(int id, int from) {
        if ((present & 1L << id) == 0) {
            return -1;
        }
        for (int field = from; field < count; field++) {
            int known = index[field * STRIDE + 4];
            if ((known & 0xff) == id && (known & REMOVED) == 0) {
                return field;
            }
        }
        return -1;
    }

    /** The first of any name at or after {@code from}, or -1. */
    public int find(String name, int from) {
        int id = FieldName.of(name);
        if (id != FieldName.OTHER) {
            return find(id, from);
        }
        for (int field = from; field < count; field++) {
            if (index[field * STRIDE + 4] << 24 == 0 && !isRemoved(field) && isNamed(field, name)) {
                return field;
            }
        }
        return -1;
    }

    private boolean isNamed(int field, String name) {
        int start = nameStart(field);
        if (nameEnd(field) - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (lower(bytes[start + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter;
    }

    /** Of the first field of that name. */
    public @Nullable String first(int id) {
        int field = find(id, 0);
        return field < 0 ? null : value(field);
    }

    /** Of the first field of that name. */
    public @Nullable String first(String name) {
        int field = find(name, 0);
        return field < 0 ? null : value(field);
    }

    /** All of that name, joined by commas (RFC 9110, 5.3); null if there is none. */
    public @Nullable String joined(int id) {
        int field = find(id, 0);
        if (field < 0) {
            return null;
        }
        String all = value(field);
        while ((field = find(id, field + 1)) >= 0) {
            all = all + ", " + value(field);
        }
        return all;
    }

    public void add(String name, String value) {
        add(name, value, FieldName.of(name));
    }

    public void add(int id, String value) {
        add(FieldName.text(id), value, id);
    }

    @SuppressWarnings("deprecation") // Copies without an array in between.
    private void add(String name, String value, int id) {
        int n = name.length();
        int v = value.length();
        ensure(n + v + 4);
        int start = end;
        name.getBytes(0, n, bytes, start);
        bytes[start + n] = ':';
        bytes[start + n + 1] = ' ';
        int from = start + n + 2;
        value.getBytes(0, v, bytes, from);
        for (int i = from; i < from + v; i++) {
            // Nothing that is configured, or told by somebody else, ends a line.
            if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') {
                bytes[i] = ' ';
            }
        }
        bytes[from + v] = '\r';
        bytes[from + v + 1] = '\n';
        end = from + v + 2;
        index(start, start + n, from, from + v, id);
    }

    /** Adds what was put together before. */
    public void add(FieldBlock block) {
        byte[] lines = block.bytes();
        ensure(lines.length);
        System.arraycopy(lines, 0, bytes, end, lines.length);
        int[] fields = block.index();
        for (int i = 0; i < fields.length; i += STRIDE) {
            index(end + fields[i], end + fields[i + 1], end + fields[i + 2], end + fields[i + 3], fields[i + 4]);
        }
        end += lines.length;
    }

    /** Instead of all of that name. */
    public void set(String name, String value) {
        remove(name);
        add(name, value);
    }

    /** Removes one line. */
    public void drop(int field) {
        index[field * STRIDE + 4] |= REMOVED;
    }

    public void remove(String name) {
        for (int field = find(name, 0); field >= 0; field = find(name, field + 1)) {
            index[field * STRIDE + 4] |= REMOVED;
        }
        int id = FieldName.of(name);
        if (id != FieldName.OTHER) {
            present &= ~(1L << id);
        }
    }

    /** Removes all fields of these known names. */
    public void removeAll(long mask) {
        if ((present & mask) == 0) {
            return;
        }
        for (int at = 4; at < count * STRIDE; at += STRIDE) {
            if ((mask >>> (index[at] & 0xff) & 1) != 0) {
                index[at] |= REMOVED;
            }
        }
        present &= ~mask;
    }

    /** Takes note that a name has something else than letters, digits and hyphens in it. */
    public void odd() {
        odd = true;
    }

    /** Whether a name may have. */
    public boolean hasOdd() {
        return odd;
    }

    /** Removes fields whose names have something else than letters, digits and hyphens in them. */
    public void dropOdd() {
        for (int field = 0; field < count; field++) {
            if (id(field) == FieldName.OTHER && isOdd(field)) {
                drop(field);
            }
        }
        odd = false;
    }

    private boolean isOdd(int field) {
        for (int i = nameStart(field); i < nameEnd(field); i++) {
            if (!Octets.isPlain(bytes[i])) {
                return true;
            }
        }
        return false;
    }

    /** Removes fields that are known ones for whom an underscore is as good as a hyphen, as in variables of CGI (RFC 3875). */
    public void dropLookalikes(long mask) {
        for (int field = 0; field < count; field++) {
            if (id(field) == FieldName.OTHER
                    && isOdd(field)
                    && (mask >>> FieldName.of(name(field).replace('_', '-')) & 1) != 0) {
                drop(field);
            }
        }
    }

    /** Removes what the Connection field says is of this connection only. */
    public void removeNominated() {
        for (int field = find(FieldName.CONNECTION, 0); field >= 0; field = find(FieldName.CONNECTION, field + 1)) {
            for (String name : value(field).split(",")) {
                String nominated = name.strip().toLowerCase(Locale.ROOT);
                if ((FieldName.NOT_NOMINATED >>> FieldName.of(nominated) & 1) == 0
                        && !nominated.isEmpty()
                        && !nominated.equals("close")
                        && !nominated.equals("connection")) {
                    remove(nominated);
                }
            }
        }
    }

    /** Copies all lines but those of some known names, in as few pieces as possible. */
    public void copy(Bytes out, long without) {
        int from = 0;
        int to = 0;
        for (int at = 0; at < count * STRIDE; at += STRIDE) {
            int id = index[at + 4];
            if ((id & REMOVED) != 0 || (without >>> (id & 0xff) & 1) != 0) {
                continue;
            }
            int start = index[at];
            if ((id & UNEVEN) != 0) {
                out.put(bytes, from, to);
                from = to = 0;
                out.put(bytes, start, index[at + 1]).put((byte) ':').put((byte) ' ');
                out.put(bytes, index[at + 2], index[at + 3]).put((byte) '\r').put((byte) '\n');
                continue;
            }
            if (start != to) {
                out.put(bytes, from, to);
                from = start;
            }
            to = index[at + 3] + 2;
        }
        out.put(bytes, from, to);
    }

    /** Takes over all that is in another. */
    public void copyOf(Fields other) {
        clear();
        ensure(other.end);
        System.arraycopy(other.bytes, 0, bytes, 0, other.end);
        end = other.end;
        index = other.index.clone();
        count = other.count;
        present = other.present;
        odd = other.odd;
    }

    int[] indexes() {
        return Arrays.copyOf(index, count * STRIDE);
    }

    private void ensure(int more) {
        if (end + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + more));
        }
    }
}
