package dev.weft.nftables;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a rule looks at: one field, or several joined by {@link #dot} into a concatenation. Values are what
 * {@link SetType#encode} takes: addresses, numbers, interface names.
 */
public final class Selector {
    private final List<Field> fields;

    Selector(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    static Selector of(Field field) {
        return new Selector(List.of(field));
    }

    List<Field> fields() {
        return fields;
    }

    SetType type() {
        return new SetType(
                fields.stream().flatMap(field -> field.type().fields().stream()).toList());
    }

    /** nft's {@code this . next}. */
    public Selector dot(Selector next) {
        List<Field> joined = new ArrayList<>(fields);
        joined.addAll(next.fields);
        return new Selector(joined);
    }

    /** Equal; an interface name may end in {@code *}. */
    public Statement is(Object value) {
        return compare(Expr.CmpOp.EQ, value);
    }

    public Statement isNot(Object value) {
        return compare(Expr.CmpOp.NE, value);
    }

    private Statement compare(Expr.CmpOp op, Object value) {
        Data data = only().encode(value);
        // What the rest of the rule need not ask again.
        if (op == Expr.CmpOp.EQ
                && fields.getFirst().load().apply(Reg.R0).getFirst() instanceof Expr.Meta(MetaKey key, Reg at)) {
            int number = Byte.toUnsignedInt(data.raw()[0]);
            if (key == MetaKey.L4PROTO) {
                return new Statement(assembler -> assembler.requireProtocol(number));
            }
            Optional<TableFamily> family = TableFamily.ofCode(number);
            if (key == MetaKey.NFPROTO && family.isPresent()) {
                return new Statement(assembler -> assembler.requireFamily(family.get()));
            }
        }
        return loaded(new Expr.Cmp(op, Reg.R0, data));
    }

    /** Between both, inclusive, of numbers in network order such as ports. */
    public Statement between(int min, int max) {
        DataType type = only();
        if (type.order() != DataType.Order.BIG) {
            throw new IllegalArgumentException("the kernel compares " + type.name() + " only for equality");
        }
        return loaded(new Expr.Range(Reg.R0, false, type.encode(min), type.encode(max)));
    }

    /** The address is in the prefix. */
    public Statement in(Cidr prefix) {
        return prefix(Expr.CmpOp.EQ, prefix);
    }

    public Statement notIn(Cidr prefix) {
        return prefix(Expr.CmpOp.NE, prefix);
    }

    private Statement prefix(Expr.CmpOp op, Cidr prefix) {
        DataType wanted = prefix.family() == Family.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
        if (!only().equals(wanted)) {
            throw new IllegalArgumentException(only().name() + " is never in " + prefix);
        }
        Expr.Cmp compare = new Expr.Cmp(op, Reg.R0, Data.of(prefix.network()));
        if (prefix.length() == prefix.family().bits()) {
            return loaded(compare);
        }
        return loaded(mask(Data.mask(prefix)), compare);
    }

    /** Any of these bits is set, as in {@code ct state established,related}. */
    public Statement has(int bits) {
        DataType type = only();
        return loaded(mask(type.encode(bits)), new Expr.Cmp(Expr.CmpOp.NE, Reg.R0, Data.zero(type.length())));
    }

    /** None of these bits is set. */
    public Statement hasNone(int bits) {
        return masked(bits, 0);
    }

    /** The bits of {@code mask} are those of {@code value}. */
    public Statement masked(int mask, int value) {
        DataType type = only();
        return loaded(mask(type.encode(mask)), new Expr.Cmp(Expr.CmpOp.EQ, Reg.R0, type.encode(value)));
    }

    public Statement in(NftSet set) {
        return lookup(set, new Expr.Lookup(set.name(), Reg.R0, false));
    }

    public Statement notIn(NftSet set) {
        return lookup(set, new Expr.Lookup(set.name(), Reg.R0, true));
    }

    /** Goes where the verdict map says, or on to the next rule. */
    public Statement vmap(NftSet map) {
        return lookup(map, new Expr.VerdictMap(map.name(), Reg.R0));
    }

    private Statement lookup(NftSet set, Expr lookup) {
        requireKeyOf(set);
        return loaded(lookup);
    }

    /** What a map gives; the rule ends here if it has nothing. */
    public Operand map(NftSet map) {
        requireKeyOf(map);
        if (!(map.values().orElse(null) instanceof NftSet.Target.ToData(SetType values))) {
            throw new IllegalArgumentException(map + " gives no values");
        }
        return new Operand(values, (assembler, to) -> {
            assembler.load(this, to);
            assembler.emit(new Expr.MapLookup(map.name(), to, to));
        });
    }

    /** The field with all bits off that are not in the mask: {@code ip daddr & 255.255.255.0}. */
    public Selector and(Ip mask) {
        return of(fields.getFirst().masked(only().encode(mask)));
    }

    /** The fields themselves, for use as a value. */
    public Operand value() {
        return new Operand(type(), (assembler, to) -> assembler.load(this, to));
    }

    void requireKeyOf(NftSet set) {
        if (!set.keys().equals(type())) {
            throw new IllegalArgumentException(set + " has keys " + set.keys() + ", not " + type());
        }
        if (set.isInterval()
                && type().fields().stream()
                        .anyMatch(field -> field.order() == DataType.Order.HOST && field.length() > 1)) {
            throw new IllegalArgumentException(set + " has intervals over numbers that are in the machine's order");
        }
    }

    private DataType only() {
        SetType type = type();
        if (type.isConcat()) {
            throw new IllegalArgumentException("a concatenation can only be looked up: " + type);
        }
        return type.fields().getFirst();
    }

    private static Expr mask(Data mask) {
        return new Expr.Bitwise(Reg.R0, Reg.R0, mask, Data.zero(mask.length()));
    }

    private Statement loaded(Expr... then) {
        return new Statement(assembler -> {
            assembler.load(this, Reg.R0);
            List.of(then).forEach(assembler::emit);
        });
    }
}
