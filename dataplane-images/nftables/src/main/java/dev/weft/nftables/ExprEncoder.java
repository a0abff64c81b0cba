package dev.weft.nftables;

import dev.weft.linux.NetlinkWriter;
import java.util.Set;

/** Expressions as attributes: {@code enum nft_expr_attributes} and those of each kind in linux/netfilter/nf_tables.h. */
final class ExprEncoder {
    private static final int NFT_FIB_RESULT_ADDRTYPE = 3;

    private final NetlinkWriter out;

    ExprEncoder(NetlinkWriter out) {
        this.out = out;
    }

    void encode(Expr expr) {
        out.nest(Uapi.NFTA_LIST_ELEM).attr(Uapi.NFTA_EXPR_NAME, name(expr));
        if (expr instanceof Expr.Foreign foreign) {
            out.attr(Uapi.NFTA_EXPR_DATA | 0x8000, foreign.data().bytes());
        } else {
            out.nest(Uapi.NFTA_EXPR_DATA);
            data(expr);
            out.endNest();
        }
        out.endNest();
    }

    static String name(Expr expr) {
        return switch (expr) {
            case Expr.Payload payload -> "payload";
            case Expr.Meta meta -> "meta";
            case Expr.MetaSet meta -> "meta";
            case Expr.Ct ct -> "ct";
            case Expr.CtSet ct -> "ct";
            case Expr.Fib fib -> "fib";
            case Expr.Cmp cmp -> "cmp";
            case Expr.Bitwise bitwise -> "bitwise";
            case Expr.Range range -> "range";
            case Expr.Lookup lookup -> "lookup";
            case Expr.MapLookup lookup -> "lookup";
            case Expr.VerdictMap lookup -> "lookup";
            case Expr.Immediate immediate -> "immediate";
            case Expr.Go go -> "immediate";
            case Expr.Nat nat -> "nat";
            case Expr.Masquerade masquerade -> "masq";
            case Expr.Reject reject -> "reject";
            case Expr.Counter counter -> "counter";
            case Expr.Numgen numgen -> "numgen";
            case Expr.Dynset dynset -> "dynset";
            case Expr.Limit limit -> "limit";
            case Expr.Log log -> "log";
            case Expr.Notrack notrack -> "notrack";
            case Expr.Foreign foreign -> foreign.name();
        };
    }

    private void data(Expr expr) {
        switch (expr) {
            case Expr.Payload(Expr.Base base, int offset, int length, Reg to) ->
                reg(1, to).number(2, base.code()).number(3, offset).number(4, length);
            case Expr.Meta(MetaKey key, Reg to) -> reg(1, to).number(2, key.code());
            case Expr.MetaSet(MetaKey key, Reg from) -> number(2, key.code()).reg(3, from);
            case Expr.Ct(CtKey key, Reg to) -> reg(1, to).number(2, key.code());
            case Expr.CtSet(CtKey key, Reg from) -> number(2, key.code()).reg(4, from);
            case Expr.Fib(Set<Expr.FibFlag> flags, Reg to) ->
                reg(1, to)
                        .number(2, NFT_FIB_RESULT_ADDRTYPE)
                        .number(3, flags.stream().mapToInt(Expr.FibFlag::bit).sum());
            case Expr.Cmp(Expr.CmpOp op, Reg from, Data with) ->
                reg(1, from).number(2, op.code()).value(3, with);
            case Expr.Bitwise(Reg from, Reg to, Data mask, Data xor) ->
                reg(1, from).reg(2, to).number(3, mask.length()).value(4, mask).value(5, xor);
            case Expr.Range(Reg from, boolean inverted, Data min, Data max) ->
                reg(1, from).number(2, inverted ? 1 : 0).value(3, min).value(4, max);
            case Expr.Lookup(String set, Reg key, boolean inverted) ->
                name(1, set).reg(2, key).number(5, inverted ? 1 : 0);
            case Expr.MapLookup(String map, Reg key, Reg to) ->
                name(1, map).reg(2, key).reg(3, to);
            // NFT_REG_VERDICT is 0.
            case Expr.VerdictMap(String map, Reg key) ->
                name(1, map).reg(2, key).number(3, 0);
            case Expr.Immediate(Reg to, Data data) -> reg(1, to).value(2, data);
            case Expr.Go(Verdict verdict) -> number(1, 0).verdict(2, verdict);
            case Expr.Nat nat -> nat(nat);
            case Expr.Masquerade(Set<Expr.NatFlag> flags) -> {
                if (!flags.isEmpty()) {
                    number(1, bits(flags));
                }
            }
            case Expr.Reject(int type, int code) -> {
                number(1, type);
                out.attrU8(2, code);
            }
            case Expr.Counter(), Expr.Notrack() -> {}
            case Expr.Numgen(Expr.NumgenType type, int modulus, int offset, Reg to) ->
                reg(1, to).number(2, modulus).number(3, type.code()).number(4, offset);
            case Expr.Dynset dynset -> dynset(dynset);
            case Expr.Limit limit -> {
                out.attrBe64(1, limit.rate()).attrBe64(2, limit.unit().toSeconds());
                number(3, limit.burst()).number(4, 0).number(5, limit.over() ? 1 : 0);
            }
            case Expr.Log log -> {
                log.group().ifPresent(group -> out.attrBe16(1, group));
                if (!log.prefix().isEmpty()) {
                    name(2, log.prefix());
                }
            }
            case Expr.Foreign foreign -> throw new IllegalStateException("written as it came");
        }
    }

    private void nat(Expr.Nat nat) {
        number(1, nat.type().code()).number(2, nat.family().code());
        nat.address().ifPresent(address -> reg(3, address));
        nat.port().ifPresent(port -> reg(5, port));
        if (!nat.flags().isEmpty()) {
            number(7, bits(nat.flags()));
        }
    }

    private void dynset(Expr.Dynset dynset) {
        name(1, dynset.set()).number(3, dynset.op().code()).reg(4, dynset.key());
        dynset.data().ifPresent(data -> reg(5, data));
        if (!dynset.timeout().isZero()) {
            out.attrBe64(6, dynset.timeout().toMillis());
        }
    }

    private static int bits(Set<Expr.NatFlag> flags) {
        return flags.stream().mapToInt(Expr.NatFlag::bit).sum();
    }

    private ExprEncoder reg(int attribute, Reg reg) {
        return number(attribute, reg.code());
    }

    private ExprEncoder number(int attribute, int value) {
        out.attrBe32(attribute, value);
        return this;
    }

    private ExprEncoder name(int attribute, String value) {
        out.attr(attribute, value);
        return this;
    }

    ExprEncoder value(int attribute, Data data) {
        out.nest(attribute).attr(Uapi.NFTA_DATA_VALUE, data.raw()).endNest();
        return this;
    }

    ExprEncoder verdict(int attribute, Verdict verdict) {
        out.nest(attribute).nest(Uapi.NFTA_DATA_VERDICT);
        number(Uapi.NFTA_VERDICT_CODE, verdict.kind().code());
        verdict.chain().ifPresent(chain -> name(Uapi.NFTA_VERDICT_CHAIN, chain));
        out.endNest().endNest();
        return this;
    }
}
