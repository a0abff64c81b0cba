package dev.weft.nftables;

import java.util.List;
import java.util.function.BiConsumer;

/** A value that a statement uses: fixed, looked up in a map, or a field of the packet. */
public final class Operand {
    private final SetType type;
    private final BiConsumer<Assembler, Reg> load;

    Operand(SetType type, BiConsumer<Assembler, Reg> load) {
        this.type = type;
        this.load = load;
    }

    /** Fixed parts, one an instruction, as nft does it. */
    static Operand constant(SetType type, Object... parts) {
        List<Data> fields = type.split(type.encode(parts));
        return new Operand(type, (assembler, to) -> {
            Reg at = to;
            for (int i = 0; i < fields.size(); i++) {
                assembler.emit(new Expr.Immediate(at, fields.get(i)));
                if (i + 1 < fields.size()) {
                    at = at.plusBytes(type.fields().get(i).paddedLength());
                }
            }
        });
    }

    SetType type() {
        return type;
    }

    void load(Assembler assembler, Reg to) {
        load.accept(assembler, to);
    }
}
