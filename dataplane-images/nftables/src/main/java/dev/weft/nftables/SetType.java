package dev.weft.nftables;

import java.util.ArrayList;
import java.util.List;

/**
 * The type of a key or of a map's values: one field, or a concatenation such as {@code ipv4_addr . inet_service}.
 *
 * @param fields 1 to 5 (nft's type number has room for 5), together at most 64 bytes in registers
 */
public record SetType(List<DataType> fields) {
    public SetType {
        fields = List.copyOf(fields);
        if (fields.isEmpty() || fields.size() > 5) {
            throw new IllegalArgumentException("a type has 1 to 5 fields, not " + fields.size());
        }
        int length = fields.stream().mapToInt(DataType::paddedLength).sum();
        if (length > Data.MAX_LENGTH) {
            throw new IllegalArgumentException("a type has at most 64 bytes, not " + length);
        }
    }

    public static SetType of(DataType... fields) {
        return new SetType(List.of(fields));
    }

    boolean isConcat() {
        return fields.size() > 1;
    }

    /** Bytes in registers: padded fields for a concatenation, else the only field's length. */
    int length() {
        return isConcat()
                ? fields.stream().mapToInt(DataType::paddedLength).sum()
                : fields.getFirst().length();
    }

    /**
     * A value of this type, one part a field.
     *
     * @param parts {@link dev.weft.net.Ip}, {@link Integer} (port, protocol, mark, slot), interface name or {@link Data}
     * @throws IllegalArgumentException if the parts do not fit the fields
     */
    public Data encode(Object... parts) {
        if (parts.length == 1 && parts[0] instanceof Data whole && whole.length() == length()) {
            return whole;
        }
        if (parts.length != fields.size()) {
            throw new IllegalArgumentException(this + " has " + fields.size() + " fields, not " + parts.length);
        }
        byte[] bytes = new byte[length()];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            DataType field = fields.get(i);
            byte[] part = field.encode(parts[i]).raw();
            System.arraycopy(part, 0, bytes, at, part.length);
            at += field.paddedLength();
        }
        return Data.of(bytes);
    }

    /** The fields' bytes of a value, without padding. */
    List<Data> split(Data value) {
        List<Data> out = new ArrayList<>(fields.size());
        int at = 0;
        for (DataType field : fields) {
            out.add(value.slice(at, field.length()));
            at += field.paddedLength();
        }
        return out;
    }

    /** nft's number for it: 6 bits a field (TYPE_BITS of nftables' datatype.h). */
    int id() {
        int id = 0;
        for (DataType field : fields) {
            id = id << 6 | field.id();
        }
        return id;
    }

    /** Of nft's number and the key's length; a type of others' making that is unknown here becomes opaque bytes. */
    static SetType ofId(int id, int length) {
        List<DataType> fields = new ArrayList<>();
        for (int rest = id; rest != 0; rest >>>= 6) {
            DataType.ofId(rest & 63).ifPresent(fields::addFirst);
        }
        if (fields.isEmpty() || fields.size() > 5 || paddedSum(fields) > Data.MAX_LENGTH) {
            return SetType.of(DataType.opaque(length));
        }
        SetType type = new SetType(fields);
        return type.id() == id && type.length() == length ? type : SetType.of(DataType.opaque(length));
    }

    private static int paddedSum(List<DataType> fields) {
        return fields.stream().mapToInt(DataType::paddedLength).sum();
    }

    @Override
    public String toString() {
        return String.join(" . ", fields.stream().map(DataType::name).toList());
    }
}
