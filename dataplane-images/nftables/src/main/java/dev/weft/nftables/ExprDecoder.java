package dev.weft.nftables;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Expressions as the kernel dumps them. What {@link ExprEncoder} would not have written, because of its kind, a key or
 * an attribute, becomes {@link Expr.Foreign}; attributes newer than linux/netfilter/nf_tables.h of 6.1 are passed over.
 */
final class ExprDecoder {
    private static final int NFT_FIB_RESULT_ADDRTYPE = 3;
    /** The kernel adds these itself where it sees an address or a port: NF_NAT_RANGE_MAP_IPS, _PROTO_SPECIFIED. */
    private static final int NAT_IMPLIED = 1 | 2;

    private static final int LOGLEVEL_WARNING = 4;

    private ExprDecoder() {}

    /**
     * Of one list element.
     *
     * @throws NetlinkFormatException if the expression has no name or the lengths do not add up
     */
    static Expr decode(Attributes element) {
        String name = element.string(Uapi.NFTA_EXPR_NAME);
        byte[] data = element.find(Uapi.NFTA_EXPR_DATA).orElse(new byte[0]);
        Optional<Expr> known;
        try {
            known = known(name, Attributes.of(NetlinkReader.of(data, 0, data.length, 0)));
        } catch (IllegalArgumentException | NetlinkFormatException e) {
            // A value out of our ranges or an attribute left out: nothing that this module writes.
            known = Optional.empty();
        }
        return known.orElse(new Expr.Foreign(name, new Blob(data)));
    }

    private static Optional<Expr> known(String name, Attributes data) {
        return switch (name) {
            case "payload" ->
                unless(
                        data.has(5),
                        () -> Expr.Base.ofCode(data.be32(2))
                                .map(base -> new Expr.Payload(base, data.be32(3), data.be32(4), reg(data, 1))));
            case "meta" ->
                MetaKey.ofCode(data.be32(2))
                        .map(key ->
                                data.has(3) ? new Expr.MetaSet(key, reg(data, 3)) : new Expr.Meta(key, reg(data, 1)));
            case "ct" ->
                unless(
                        data.has(3),
                        () -> CtKey.ofCode(data.be32(2))
                                .map(key -> data.has(4)
                                        ? new Expr.CtSet(key, reg(data, 4))
                                        : new Expr.Ct(key, reg(data, 1))));
            case "fib" -> fib(data);
            case "cmp" -> Expr.CmpOp.ofCode(data.be32(2)).map(op -> new Expr.Cmp(op, reg(data, 1), data.data(3)));
            case "bitwise" ->
                unless(
                        data.be32(6, 0) != 0,
                        () -> Optional.of(new Expr.Bitwise(reg(data, 1), reg(data, 2), data.data(4), data.data(5))));
            case "range" -> Optional.of(new Expr.Range(reg(data, 1), data.be32(2) == 1, data.data(3), data.data(4)));
            case "lookup" -> Optional.of(lookup(data));
            case "immediate" -> immediate(data);
            case "nat" -> nat(data);
            case "masq" ->
                unless(!data.hasNone(2, 3), () -> flags(data.be32(1, 0)).map(Expr.Masquerade::new));
            case "reject" -> Optional.of(new Expr.Reject(data.be32(1), data.u8(2, 0)));
            case "counter" -> Optional.of(new Expr.Counter());
            case "numgen" ->
                Expr.NumgenType.ofCode(data.be32(3))
                        .map(type -> new Expr.Numgen(type, data.be32(2), data.be32(4, 0), reg(data, 1)));
            case "dynset" -> dynset(data);
            case "limit" ->
                unless(
                        data.be32(4, 0) != 0,
                        () -> Optional.of(new Expr.Limit(
                                data.be64(1),
                                Duration.ofSeconds(data.be64(2)),
                                data.be32(3, 0),
                                data.be32(5, 0) == 1)));
            case "log" -> log(data);
            case "notrack" -> Optional.of(new Expr.Notrack());
            default -> Optional.empty();
        };
    }

    private static Optional<Expr> fib(Attributes data) {
        int flags = data.be32(3);
        Set<Expr.FibFlag> set = EnumSet.noneOf(Expr.FibFlag.class);
        Arrays.stream(Expr.FibFlag.values())
                .filter(flag -> (flags & flag.bit()) != 0)
                .forEach(set::add);
        boolean whole = set.stream().mapToInt(Expr.FibFlag::bit).sum() == flags;
        return whole && data.be32(2) == NFT_FIB_RESULT_ADDRTYPE
                ? Optional.of(new Expr.Fib(set, reg(data, 1)))
                : Optional.empty();
    }

    private static Expr lookup(Attributes data) {
        String set = data.string(1);
        if (!data.has(3)) {
            return new Expr.Lookup(set, reg(data, 2), data.be32(5, 0) == 1);
        }
        return data.be32(3) == 0
                ? new Expr.VerdictMap(set, reg(data, 2))
                : new Expr.MapLookup(set, reg(data, 2), reg(data, 3));
    }

    private static Optional<Expr> immediate(Attributes data) {
        return switch (data.value(2)) {
            case Verdict verdict -> data.be32(1) == 0 ? Optional.of(new Expr.Go(verdict)) : Optional.empty();
            case Data value -> Optional.of(new Expr.Immediate(reg(data, 1), value));
        };
    }

    private static Optional<Expr> nat(Attributes data) {
        // A range of addresses or ports has two different registers.
        if (data.be32(4, data.be32(3, 0)) != data.be32(3, 0) || data.be32(6, data.be32(5, 0)) != data.be32(5, 0)) {
            return Optional.empty();
        }
        Optional<TableFamily> family = TableFamily.ofCode(data.be32(2));
        Optional<Set<Expr.NatFlag>> flags = flags(data.be32(7, 0) & ~NAT_IMPLIED);
        Optional<Reg> address = data.has(3) ? Optional.of(reg(data, 3)) : Optional.empty();
        Optional<Reg> port = data.has(5) ? Optional.of(reg(data, 5)) : Optional.empty();
        return Expr.NatType.ofCode(data.be32(1))
                .flatMap(type -> family.flatMap(of -> flags.map(with -> new Expr.Nat(type, of, address, port, with))));
    }

    private static Optional<Expr> dynset(Attributes data) {
        return unless(
                !data.hasNone(7, 10) || data.be32(9, 0) != 0,
                () -> Expr.DynsetOp.ofCode(data.be32(3))
                        .map(op -> new Expr.Dynset(
                                op,
                                data.string(1),
                                reg(data, 4),
                                data.has(5) ? Optional.of(reg(data, 5)) : Optional.empty(),
                                Duration.ofMillis(data.be64(6, 0)))));
    }

    private static Optional<Expr> log(Attributes data) {
        boolean other = data.be32(3, 0) != 0
                || (data.has(4) && data.be16(4) != 0)
                || data.be32(5, LOGLEVEL_WARNING) != LOGLEVEL_WARNING
                || data.be32(6, 0) != 0;
        return unless(
                other,
                () -> Optional.of(new Expr.Log(
                        data.has(2) ? data.string(2) : "",
                        data.has(1) ? Optional.of(data.be16(1)) : Optional.empty())));
    }

    private static Optional<Set<Expr.NatFlag>> flags(int bits) {
        Set<Expr.NatFlag> flags = EnumSet.noneOf(Expr.NatFlag.class);
        Arrays.stream(Expr.NatFlag.values())
                .filter(flag -> (bits & flag.bit()) != 0)
                .forEach(flags::add);
        return flags.stream().mapToInt(Expr.NatFlag::bit).sum() == bits ? Optional.of(flags) : Optional.empty();
    }

    private static Optional<Expr> unless(boolean foreign, Supplier<Optional<? extends Expr>> expr) {
        return foreign ? Optional.empty() : expr.get().map(known -> known);
    }

    private static Reg reg(Attributes data, int type) {
        return Reg.ofCode(data.be32(type));
    }
}
