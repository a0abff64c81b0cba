package dev.weft.nftables;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel keeps for user space unread: comments, and how nft is to print a set's types (libnftnl's udata.h).
 * A list of values, each behind a byte of type and a byte of length.
 */
final class Userdata {
    /** {@code NFT_USERDATA_MAXLEN}. */
    static final int MAX_LENGTH = 256;

    /** Of rules and elements: {@code NFTNL_UDATA_RULE_COMMENT}, {@code NFTNL_UDATA_SET_ELEM_COMMENT}. */
    static final int COMMENT = 0;

    private static final int SET_KEYBYTEORDER = 0;
    private static final int SET_DATABYTEORDER = 1;
    private static final int SET_KEY_TYPEOF = 3;
    private static final int SET_DATA_TYPEOF = 4;
    private static final int SET_DATA_INTERVAL = 6;
    static final int SET_COMMENT = 7;

    /** {@code enum expr_types} of nftables' expression.h. */
    private static final int EXPR_PAYLOAD = 7;

    private static final int EXPR_META = 9;
    private static final int EXPR_CONCAT = 13;
    private static final int EXPR_NUMGEN = 23;

    private Userdata() {}

    static byte[] ofComment(String comment) {
        return new Tlvs().comment(COMMENT, comment).bytes();
    }

    static byte[] ofSet(NftSet set) {
        Tlvs tlvs = new Tlvs().number(SET_KEYBYTEORDER, byteOrder(set.keys()));
        Optional<SetType> values = set.values().flatMap(target -> switch (target) {
            case NftSet.Target.ToData(SetType type) -> Optional.of(type);
            case NftSet.Target.ToVerdict() -> Optional.empty();
        });
        if (set.isMap()) {
            tlvs.number(SET_DATABYTEORDER, values.map(Userdata::byteOrder).orElse(0));
        }
        // nft cannot print a key with a plain number in it by its type's name, so such a set is declared by example.
        if (set.keys().fields().contains(DataType.SLOT)) {
            typeof(set.keys()).ifPresent(bytes -> tlvs.put(SET_KEY_TYPEOF, bytes));
            values.flatMap(Userdata::typeof).ifPresent(bytes -> tlvs.put(SET_DATA_TYPEOF, bytes));
        }
        if (set.isMap()) {
            tlvs.number(SET_DATA_INTERVAL, 0);
        }
        return (set.comment().isEmpty() ? tlvs : tlvs.comment(SET_COMMENT, set.comment())).bytes();
    }

    /** nft's {@code enum byteorder}: none for a concatenation, host, network. */
    private static int byteOrder(SetType type) {
        if (type.isConcat()) {
            return 0;
        }
        return type.fields().getFirst().order() == DataType.Order.HOST ? 1 : 2;
    }

    /** An expression of each field's type; empty if there is a field without one. */
    private static Optional<byte[]> typeof(SetType type) {
        if (!type.isConcat()) {
            return expression(type.fields().getFirst()).map(Tlvs::bytes);
        }
        List<Optional<Tlvs>> fields =
                type.fields().stream().map(Userdata::expression).toList();
        if (fields.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        Tlvs concat = new Tlvs();
        for (int i = 0; i < fields.size(); i++) {
            int index = i;
            fields.get(i).ifPresent(field -> concat.put(index, field.bytes()));
        }
        return Optional.of(expression(EXPR_CONCAT, concat).bytes());
    }

    private static Optional<Tlvs> expression(DataType type) {
        // Numbers of nft's protocol descriptions (enum proto_desc_id) and of the fields in their templates.
        if (type.equals(DataType.IPV4_ADDR)) {
            return Optional.of(payload(12, 12));
        } else if (type.equals(DataType.IPV6_ADDR)) {
            return Optional.of(payload(13, 9));
        } else if (type.equals(DataType.INET_SERVICE)) {
            return Optional.of(payload(11, 2));
        } else if (type.equals(DataType.INET_PROTO)) {
            return Optional.of(meta(MetaKey.L4PROTO));
        } else if (type.equals(DataType.MARK)) {
            return Optional.of(meta(MetaKey.MARK));
        } else if (type.equals(DataType.CLASSID)) {
            return Optional.of(meta(MetaKey.PRIORITY));
        } else if (type.equals(DataType.IFNAME)) {
            return Optional.of(meta(MetaKey.IIFNAME));
        } else if (type.equals(DataType.SLOT)) {
            // The modulus is only an example: numgen random mod 2 offset 0.
            return Optional.of(
                    expression(EXPR_NUMGEN, new Tlvs().number(0, 1).number(1, 2).number(2, 0)));
        }
        return Optional.empty();
    }

    private static Tlvs payload(int description, int field) {
        return expression(EXPR_PAYLOAD, new Tlvs().number(0, description).number(1, field));
    }

    private static Tlvs meta(MetaKey key) {
        return expression(EXPR_META, new Tlvs().number(0, key.code()));
    }

    private static Tlvs expression(int type, Tlvs data) {
        return new Tlvs().number(0, type).put(1, data.bytes());
    }

    /** The text of one type; empty if there is none, or it is no comment that this module would write. */
    static String comment(byte[] userdata, int type) {
        int at = 0;
        while (userdata.length - at >= 2) {
            int length = Byte.toUnsignedInt(userdata[at + 1]);
            if (length > userdata.length - at - 2) {
                return "";
            }
            if (Byte.toUnsignedInt(userdata[at]) == type) {
                return text(userdata, at + 2, length);
            }
            at += 2 + length;
        }
        return "";
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        String text = new String(bytes, from, end - from, StandardCharsets.UTF_8);
        return Names.isComment(text) ? text : "";
    }

    /** Values under construction. */
    private static final class Tlvs {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Tlvs put(int type, byte[] value) {
            if (value.length > 255) {
                throw new IllegalArgumentException("userdata of " + value.length + " bytes");
            }
            out.write(type);
            out.write(value.length);
            out.writeBytes(value);
            return this;
        }

        Tlvs number(int type, int value) {
            return put(type, Data.hostOrder(value, 4).raw());
        }

        Tlvs comment(int type, String text) {
            return put(type, (text + '\0').getBytes(StandardCharsets.UTF_8));
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
