package dev.weft.nftables;

import java.util.List;

/**
 * A rule as the kernel keeps it.
 *
 * @param comment shown by nft, at most 127 bytes without quotes; empty for none
 */
public record Rule(List<Expr> exprs, String comment) {
    public Rule {
        exprs = List.copyOf(exprs);
        Names.checkComment(comment);
    }
}
