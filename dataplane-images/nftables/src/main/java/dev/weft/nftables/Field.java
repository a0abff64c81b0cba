package dev.weft.nftables;

import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Something to load into a register.
 *
 * @param family the network family that a packet must have for it; {@link TableFamily#INET} for any
 * @param protocol the transport protocol it must have
 */
record Field(DataType type, TableFamily family, OptionalInt protocol, Function<Reg, Expr> load) {
    static Field payload(DataType type, TableFamily family, Expr.Base base, int offset) {
        return new Field(type, family, OptionalInt.empty(), to -> new Expr.Payload(base, offset, type.length(), to));
    }

    static Field transport(DataType type, int protocol, int offset) {
        return new Field(
                type,
                TableFamily.INET,
                OptionalInt.of(protocol),
                to -> new Expr.Payload(Expr.Base.TRANSPORT, offset, type.length(), to));
    }

    static Field any(DataType type, Function<Reg, Expr> load) {
        return new Field(type, TableFamily.INET, OptionalInt.empty(), load);
    }
}
