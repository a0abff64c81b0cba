package dev.weft.nftables;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Turns statements into expressions: emits what they depend on once, and counts registers. */
final class Assembler {
    private final List<Expr> exprs = new ArrayList<>();
    private final TableFamily family;
    private TableFamily known;
    private OptionalInt knownProtocol = OptionalInt.empty();

    Assembler(TableFamily family) {
        this.family = family;
        this.known = family;
    }

    /** That of the table. */
    TableFamily family() {
        return family;
    }

    List<Expr> exprs() {
        return exprs;
    }

    void emit(Expr expr) {
        exprs.add(expr);
    }

    /** The packet is of this network family, or the rule ends here. */
    void requireFamily(TableFamily wanted) {
        if (wanted == TableFamily.INET || wanted == known) {
            return;
        }
        if (known != TableFamily.INET) {
            throw new IllegalArgumentException(
                    "a rule cannot match on " + wanted + (family == known ? " in a table of " : " after ") + known);
        }
        emit(new Expr.Meta(MetaKey.NFPROTO, Reg.R0));
        emit(new Expr.Cmp(Expr.CmpOp.EQ, Reg.R0, DataType.NFPROTO.encode(wanted.code())));
        known = wanted;
    }

    /** The packet is of this transport protocol, or the rule ends here. */
    void requireProtocol(int protocol) {
        if (knownProtocol.isPresent()) {
            if (knownProtocol.getAsInt() != protocol) {
                throw new IllegalArgumentException(
                        "a rule cannot match on protocol " + protocol + " after " + knownProtocol.getAsInt());
            }
            return;
        }
        emit(new Expr.Meta(MetaKey.L4PROTO, Reg.R0));
        emit(new Expr.Cmp(Expr.CmpOp.EQ, Reg.R0, DataType.INET_PROTO.encode(protocol)));
        knownProtocol = OptionalInt.of(protocol);
    }

    /** Loads the fields one behind the other. */
    void load(Selector selector, Reg at) {
        selector.fields().forEach(field -> {
            requireFamily(field.family());
            field.protocol().ifPresent(this::requireProtocol);
        });
        int slot = at.slot();
        for (Field field : selector.fields()) {
            field.load().apply(new Reg(slot)).forEach(this::emit);
            slot += field.paddedLength() / 4;
        }
    }

    /** The first free register at a multiple of 16 bytes behind a value, where a second operand goes. */
    static Reg behind(SetType type) {
        return new Reg((type.length() + 15) / 16 * 4);
    }
}
