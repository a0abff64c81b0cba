package dev.weft.nftables;

import java.util.function.Consumer;

/** A match or an action of a {@link RuleText}; {@link Nft} and {@link Selector} make them. */
public final class Statement {
    private final Consumer<Assembler> body;

    Statement(Consumer<Assembler> body) {
        this.body = body;
    }

    static Statement of(Expr expr) {
        return new Statement(assembler -> assembler.emit(expr));
    }

    void assemble(Assembler assembler) {
        body.accept(assembler);
    }
}
