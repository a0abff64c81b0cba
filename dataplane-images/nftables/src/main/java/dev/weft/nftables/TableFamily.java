package dev.weft.nftables;

import java.util.Optional;

/** Which packets a table sees. Codes: {@code NFPROTO_*} of linux/netfilter.h. */
public enum TableFamily {
    INET(1),
    IP(2),
    IP6(10);

    private final int code;

    TableFamily(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<TableFamily> ofCode(int code) {
        return Codes.find(values(), TableFamily::code, code);
    }

    @Override
    public String toString() {
        return Codes.lower(this);
    }
}
