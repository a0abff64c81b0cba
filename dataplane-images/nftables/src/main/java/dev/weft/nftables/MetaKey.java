package dev.weft.nftables;

import java.util.Optional;

/** {@code enum nft_meta_keys} of linux/netfilter/nf_tables.h. */
public enum MetaKey {
    PRIORITY(2),
    MARK(3),
    IIF(4),
    OIF(5),
    IIFNAME(6),
    OIFNAME(7),
    NFPROTO(15),
    L4PROTO(16),
    PKTTYPE(19);

    private final int code;

    MetaKey(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    DataType type() {
        return switch (this) {
            case PRIORITY -> DataType.CLASSID;
            case MARK -> DataType.MARK;
            case IIF -> DataType.IFINDEX;
            case OIF -> DataType.IFINDEX;
            case IIFNAME -> DataType.IFNAME;
            case OIFNAME -> DataType.IFNAME;
            case NFPROTO -> DataType.NFPROTO;
            case L4PROTO -> DataType.INET_PROTO;
            case PKTTYPE -> DataType.PKT_TYPE;
        };
    }

    static Optional<MetaKey> ofCode(int code) {
        return Codes.find(values(), MetaKey::code, code);
    }
}
