package dev.weft.nftables;

import java.util.Optional;

/** {@code enum nft_ct_keys} of linux/netfilter/nf_tables.h. */
public enum CtKey {
    STATE(0),
    DIRECTION(1),
    STATUS(2),
    MARK(3);

    private final int code;

    CtKey(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    DataType type() {
        return switch (this) {
            case STATE -> DataType.CT_STATE;
            case DIRECTION -> DataType.CT_DIR;
            case STATUS -> DataType.CT_STATUS;
            case MARK -> DataType.MARK;
        };
    }

    static Optional<CtKey> ofCode(int code) {
        return Codes.find(values(), CtKey::code, code);
    }
}
