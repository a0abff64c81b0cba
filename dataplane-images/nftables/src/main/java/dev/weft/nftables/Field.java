package dev.weft.nftables;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Something to load into a register.
 *
 * @param type what is in the register afterwards; of several fields where a map gives them
 * @param family the network family that a packet must have for it; {@link TableFamily#INET} for any
 * @param protocol the transport protocol it must have
 * @param load the instructions; they may use registers behind the value as well, before the next field is loaded
 */
record Field(SetType type, TableFamily family, OptionalInt protocol, Function<Reg, List<Expr>> load) {
    static Field payload(DataType type, TableFamily family, Expr.Base base, int offset) {
        return new Field(
                SetType.of(type),
                family,
                OptionalInt.empty(),
                to -> List.of(new Expr.Payload(base, offset, type.length(), to)));
    }

    static Field transport(DataType type, int protocol, int offset) {
        return new Field(
                SetType.of(type),
                TableFamily.INET,
                OptionalInt.of(protocol),
                to -> List.of(new Expr.Payload(Expr.Base.TRANSPORT, offset, type.length(), to)));
    }

    static Field any(DataType type, Function<Reg, Expr> load) {
        return new Field(SetType.of(type), TableFamily.INET, OptionalInt.empty(), to -> List.of(load.apply(to)));
    }

    /** Bytes in registers, filled up to whole ones. */
    int paddedLength() {
        return type.fields().stream().mapToInt(DataType::paddedLength).sum();
    }

    /** The same with all bits off that are not in the mask. */
    Field masked(Data mask) {
        return new Field(type, family, protocol, to -> {
            List<Expr> exprs = new ArrayList<>(load.apply(to));
            exprs.add(new Expr.Bitwise(to, to, mask, Data.zero(mask.length())));
            return exprs;
        });
    }
}
