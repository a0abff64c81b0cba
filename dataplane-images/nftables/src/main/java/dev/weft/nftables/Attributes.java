package dev.weft.nftables;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The attributes of one nest, by type; of one given twice the last counts. Numbers are in network order, as nf_tables
 * has them.
 */
final class Attributes {
    private final Map<Integer, byte[]> values;

    private Attributes(Map<Integer, byte[]> values) {
        this.values = values;
    }

    /**
     * Reads to the end.
     *
     * @throws NetlinkFormatException if the lengths do not add up
     */
    static Attributes of(NetlinkReader reader) {
        Map<Integer, byte[]> values = new HashMap<>();
        while (reader.next()) {
            values.put(reader.type(), reader.bytes());
        }
        return new Attributes(values);
    }

    boolean has(int type) {
        return values.containsKey(type);
    }

    boolean hasNone(int... types) {
        for (int type : types) {
            if (has(type)) {
                return false;
            }
        }
        return true;
    }

    Optional<byte[]> find(int type) {
        return Optional.ofNullable(values.get(type));
    }

    /** The value; absent or shorter than {@code length} it is a {@link NetlinkFormatException}, as in all that follow. */
    byte[] bytes(int type, int length) {
        byte[] value = find(type).orElseThrow(() -> new NetlinkFormatException("attribute " + type + " is missing"));
        if (value.length < length) {
            throw new NetlinkFormatException("attribute " + type + " has " + value.length + " bytes, not " + length);
        }
        return value;
    }

    int u8(int type, int absent) {
        return has(type) ? Byte.toUnsignedInt(bytes(type, 1)[0]) : absent;
    }

    int be16(int type) {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes(type, 2)).getShort());
    }

    int be32(int type) {
        return ByteBuffer.wrap(bytes(type, 4)).getInt();
    }

    int be32(int type, int absent) {
        return has(type) ? be32(type) : absent;
    }

    long be64(int type) {
        return ByteBuffer.wrap(bytes(type, 8)).getLong();
    }

    long be64(int type, long absent) {
        return has(type) ? be64(type) : absent;
    }

    /** The text up to its first NUL. */
    String string(int type) {
        byte[] value = bytes(type, 0);
        int end = 0;
        while (end < value.length && value[end] != 0) {
            end++;
        }
        return new String(value, 0, end, StandardCharsets.UTF_8);
    }

    Attributes nested(int type) {
        return of(reader(type));
    }

    /** The attributes of a list, which all have the same type. */
    List<Attributes> list(int type) {
        List<Attributes> out = new ArrayList<>();
        if (has(type)) {
            NetlinkReader reader = reader(type);
            while (reader.next()) {
                out.add(of(reader.nested()));
            }
        }
        return out;
    }

    private NetlinkReader reader(int type) {
        byte[] value = bytes(type, 0);
        return NetlinkReader.of(value, 0, value.length, 0);
    }

    /** {@code struct nft_data} of a value. */
    Data data(int type) {
        return Data.of(nested(type).bytes(Uapi.NFTA_DATA_VALUE, 1));
    }

    /**
     * {@code struct nft_data} of a value or a verdict.
     *
     * @throws IllegalArgumentException for a verdict that this module does not know
     */
    Value value(int type) {
        Attributes data = nested(type);
        if (!data.has(Uapi.NFTA_DATA_VERDICT)) {
            return Data.of(data.bytes(Uapi.NFTA_DATA_VALUE, 1));
        }
        Attributes verdict = data.nested(Uapi.NFTA_DATA_VERDICT);
        int code = verdict.be32(Uapi.NFTA_VERDICT_CODE);
        Verdict.Kind kind =
                Verdict.Kind.ofCode(code).orElseThrow(() -> new IllegalArgumentException("verdict " + code));
        Optional<String> chain = verdict.has(Uapi.NFTA_VERDICT_CHAIN)
                ? Optional.of(verdict.string(Uapi.NFTA_VERDICT_CHAIN))
                : Optional.empty();
        return new Verdict(kind, chain);
    }
}
