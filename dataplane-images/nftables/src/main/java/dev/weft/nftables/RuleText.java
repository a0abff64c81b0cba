package dev.weft.nftables;

import java.util.List;

/**
 * A rule as one writes it; {@link Nft#rule} begins one. What it compiles to depends on the table's family: a match on
 * an IPv4 address in an inet table first asks whether the packet is IPv4.
 *
 * @param comment shown by nft, at most 127 bytes without quotes; empty for none
 */
public record RuleText(List<Statement> statements, String comment) {
    public RuleText {
        statements = List.copyOf(statements);
        Names.checkComment(comment);
    }

    public RuleText comment(String text) {
        return new RuleText(statements, text);
    }

    /**
     * The rule for tables of a family.
     *
     * @throws IllegalArgumentException if it matches on both IPv4 and IPv6, or on a family that the table never sees
     */
    public Rule compile(TableFamily family) {
        Assembler assembler = new Assembler(family);
        statements.forEach(statement -> statement.assemble(assembler));
        return new Rule(assembler.exprs(), comment);
    }
}
