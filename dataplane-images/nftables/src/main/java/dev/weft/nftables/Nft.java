package dev.weft.nftables;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The words of nft, to be imported statically: {@code rule(ipSaddr().in(pods), ipDaddr().notIn(pods), masquerade())}
 * reads like {@code ip saddr @pods ip daddr != @pods masquerade}.
 */
public final class Nft {
    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;
    public static final int SCTP = 132;

    /** Address types of {@link #fibDaddrType}: {@code RTN_*} of linux/rtnetlink.h. */
    public static final int UNICAST = 1;

    public static final int LOCAL = 2;
    public static final int BROADCAST = 3;
    public static final int MULTICAST = 5;

    /** Bits of {@link #ctState}: {@code NF_CT_STATE_BIT} of nf_conntrack_common.h. */
    public static final int INVALID = 1;

    public static final int ESTABLISHED = 1 << 1;
    public static final int RELATED = 1 << 2;
    public static final int NEW = 1 << 3;
    public static final int UNTRACKED = 1 << 6;

    /** Bits of {@link #ctStatus}: {@code IPS_*} of nf_conntrack_common.h. */
    public static final int SNATTED = 1 << 4;

    public static final int DNATTED = 1 << 5;

    /** Values of {@link #ctDirection}. */
    public static final int ORIGINAL = 0;

    public static final int REPLY = 1;

    private Nft() {}

    public static RuleText rule(Statement... statements) {
        return new RuleText(List.of(statements), "");
    }

    // What to look at.

    public static Selector ipSaddr() {
        return Selector.of(Field.payload(DataType.IPV4_ADDR, TableFamily.IP, Expr.Base.NETWORK, 12));
    }

    public static Selector ipDaddr() {
        return Selector.of(Field.payload(DataType.IPV4_ADDR, TableFamily.IP, Expr.Base.NETWORK, 16));
    }

    public static Selector ip6Saddr() {
        return Selector.of(Field.payload(DataType.IPV6_ADDR, TableFamily.IP6, Expr.Base.NETWORK, 8));
    }

    public static Selector ip6Daddr() {
        return Selector.of(Field.payload(DataType.IPV6_ADDR, TableFamily.IP6, Expr.Base.NETWORK, 24));
    }

    /** The source address of one family. */
    public static Selector saddr(Family family) {
        return family == Family.IPV4 ? ipSaddr() : ip6Saddr();
    }

    /** The destination address of one family. */
    public static Selector daddr(Family family) {
        return family == Family.IPV4 ? ipDaddr() : ip6Daddr();
    }

    /** The source port of whichever transport protocol. */
    public static Selector thSport() {
        return Selector.of(Field.payload(DataType.INET_SERVICE, TableFamily.INET, Expr.Base.TRANSPORT, 0));
    }

    /** The destination port of whichever transport protocol. */
    public static Selector thDport() {
        return Selector.of(Field.payload(DataType.INET_SERVICE, TableFamily.INET, Expr.Base.TRANSPORT, 2));
    }

    public static Selector tcpDport() {
        return Selector.of(Field.transport(DataType.INET_SERVICE, TCP, 2));
    }

    public static Selector udpDport() {
        return Selector.of(Field.transport(DataType.INET_SERVICE, UDP, 2));
    }

    public static Selector tcpFlags() {
        return Selector.of(Field.transport(DataType.TCP_FLAGS, TCP, 13));
    }

    public static Selector icmpType() {
        return Selector.of(Field.transport(DataType.ICMP_TYPE, ICMP, 0));
    }

    public static Selector icmpv6Type() {
        return Selector.of(Field.transport(DataType.ICMPV6_TYPE, ICMPV6, 0));
    }

    /** Any of the packet's meta data; the common ones have names of their own below. */
    public static Selector meta(MetaKey key) {
        return Selector.of(Field.any(key.type(), to -> new Expr.Meta(key, to)));
    }

    public static Selector iifname() {
        return meta(MetaKey.IIFNAME);
    }

    public static Selector oifname() {
        return meta(MetaKey.OIFNAME);
    }

    public static Selector l4proto() {
        return meta(MetaKey.L4PROTO);
    }

    public static Selector mark() {
        return meta(MetaKey.MARK);
    }

    /** {@code meta priority}, the packet's traffic class: {@code skb->priority}. */
    public static Selector priority() {
        return meta(MetaKey.PRIORITY);
    }

    private static Selector ct(CtKey key) {
        return Selector.of(Field.any(key.type(), to -> new Expr.Ct(key, to)));
    }

    public static Selector ctState() {
        return ct(CtKey.STATE);
    }

    public static Selector ctStatus() {
        return ct(CtKey.STATUS);
    }

    public static Selector ctDirection() {
        return ct(CtKey.DIRECTION);
    }

    public static Selector ctMark() {
        return ct(CtKey.MARK);
    }

    /** What the routing table takes the source address for, such as {@link #LOCAL}. */
    public static Selector fibSaddrType() {
        return fib(Expr.FibFlag.SADDR);
    }

    /** What the routing table takes the destination address for, such as {@link #LOCAL}. */
    public static Selector fibDaddrType() {
        return fib(Expr.FibFlag.DADDR);
    }

    private static Selector fib(Expr.FibFlag address) {
        return Selector.of(Field.any(DataType.FIB_ADDRTYPE, to -> new Expr.Fib(Set.of(address), to)));
    }

    /** A random number from 0 to {@code modulus - 1}. */
    public static Selector numgenRandom(int modulus) {
        return numgenRandom(modulus, 0);
    }

    /** A random number from {@code offset} to {@code offset + modulus - 1}. */
    public static Selector numgenRandom(int modulus, int offset) {
        return Selector.of(
                Field.any(DataType.SLOT, to -> new Expr.Numgen(Expr.NumgenType.RANDOM, modulus, offset, to)));
    }

    // What to do.

    public static Statement accept() {
        return Statement.of(new Expr.Go(Verdict.ACCEPT));
    }

    public static Statement drop() {
        return Statement.of(new Expr.Go(Verdict.DROP));
    }

    /** Back to the chain that jumped here, or to the base chain's policy. */
    public static Statement returns() {
        return Statement.of(new Expr.Go(Verdict.RETURN));
    }

    public static Statement jump(String chain) {
        return Statement.of(new Expr.Go(Verdict.jump(chain)));
    }

    public static Statement goTo(String chain) {
        return Statement.of(new Expr.Go(Verdict.goTo(chain)));
    }

    public static Statement counter() {
        return Statement.of(new Expr.Counter());
    }

    public static Statement notrack() {
        return Statement.of(new Expr.Notrack());
    }

    /** Rejects with port-unreachable of the packet's family. */
    public static Statement reject() {
        return reject(3, 4, Expr.Reject.ICMP_PORT_UNREACHABLE);
    }

    public static Statement rejectAdminProhibited() {
        return reject(13, 1, Expr.Reject.ICMP_ADMIN_PROHIBITED);
    }

    /** Only a table of both families knows codes for either; in one of a single family the kernel would just drop. */
    private static Statement reject(int icmpCode, int icmpv6Code, Expr.Reject either) {
        return new Statement(assembler -> assembler.emit(
                switch (assembler.family()) {
                    case IP -> new Expr.Reject(0, icmpCode);
                    case IP6 -> new Expr.Reject(0, icmpv6Code);
                    case INET -> either;
                }));
    }

    /** Rejects TCP packets with a reset. */
    public static Statement rejectWithTcpReset() {
        return new Statement(assembler -> {
            assembler.requireProtocol(TCP);
            assembler.emit(Expr.Reject.TCP_RESET);
        });
    }

    /** To the kernel's log. */
    public static Statement log(String prefix) {
        return Statement.of(new Expr.Log(prefix, Optional.empty()));
    }

    /** To the nflog listeners of a group, 0 to 65535. */
    public static Statement nflog(int group, String prefix) {
        return Statement.of(new Expr.Log(prefix, Optional.of(group)));
    }

    /** Matches up to {@code packets} a {@code unit} (second, minute, hour, day, week), {@code burst} at once. */
    public static Statement limit(long packets, Duration unit, int burst) {
        return Statement.of(new Expr.Limit(packets, unit, burst, false));
    }

    /** Matches what is above that rate. */
    public static Statement limitOver(long packets, Duration unit, int burst) {
        return Statement.of(new Expr.Limit(packets, unit, burst, true));
    }

    public static Statement setMark(int mark) {
        return setMark(Operand.constant(SetType.of(DataType.MARK), mark));
    }

    public static Statement setMark(Operand mark) {
        return set(DataType.MARK, mark, new Expr.MetaSet(MetaKey.MARK, Reg.R0));
    }

    /** {@code meta mark set meta mark | bits}. */
    public static Statement setMarkBits(int bits) {
        Data on = DataType.MARK.encode(bits);
        return new Statement(assembler -> {
            assembler.load(mark(), Reg.R0);
            assembler.emit(new Expr.Bitwise(Reg.R0, Reg.R0, on.not(), on));
            assembler.emit(new Expr.MetaSet(MetaKey.MARK, Reg.R0));
        });
    }

    /** {@code meta mark set meta mark & ~bits}. */
    public static Statement clearMarkBits(int bits) {
        Data off = DataType.MARK.encode(bits).not();
        return new Statement(assembler -> {
            assembler.load(mark(), Reg.R0);
            assembler.emit(new Expr.Bitwise(Reg.R0, Reg.R0, off, Data.zero(off.length())));
            assembler.emit(new Expr.MetaSet(MetaKey.MARK, Reg.R0));
        });
    }

    public static Statement setCtMark(Operand mark) {
        return set(DataType.MARK, mark, new Expr.CtSet(CtKey.MARK, Reg.R0));
    }

    /** A traffic class of the two halves that nft shows, 0 to 65535 each. */
    public static Statement setPriority(int major, int minor) {
        return setPriority(Operand.constant(SetType.of(DataType.CLASSID), major << 16 | minor));
    }

    public static Statement setPriority(Operand priority) {
        return set(DataType.CLASSID, priority, new Expr.MetaSet(MetaKey.PRIORITY, Reg.R0));
    }

    private static Statement set(DataType type, Operand mark, Expr store) {
        if (!mark.type().equals(SetType.of(type))) {
            throw new IllegalArgumentException("a " + type.name() + " is no " + mark.type());
        }
        return new Statement(assembler -> {
            mark.load(assembler, Reg.R0);
            assembler.emit(store);
        });
    }

    /** The source becomes the address of the interface that the packet leaves by. */
    public static Statement masquerade(Expr.NatFlag... flags) {
        return Statement.of(new Expr.Masquerade(Set.of(flags)));
    }

    public static Statement dnat(Ip to) {
        return dnat(address(to));
    }

    public static Statement dnat(Ip to, int port) {
        return dnat(addressAndPort(to, port));
    }

    /** The destination becomes what a map gives: an address, or {@code address . port}. */
    public static Statement dnat(Operand to, Expr.NatFlag... flags) {
        return nat(Expr.NatType.DNAT, to, flags);
    }

    public static Statement snat(Ip to) {
        return snat(address(to));
    }

    /** The source becomes what a map gives: an address, or {@code address . port}. */
    public static Statement snat(Operand to, Expr.NatFlag... flags) {
        return nat(Expr.NatType.SNAT, to, flags);
    }

    private static Statement nat(Expr.NatType type, Operand to, Expr.NatFlag... flags) {
        List<DataType> fields = to.type().fields();
        boolean v4 = fields.getFirst().equals(DataType.IPV4_ADDR);
        boolean address = v4 || fields.getFirst().equals(DataType.IPV6_ADDR);
        boolean port = fields.size() == 2 && fields.get(1).equals(DataType.INET_SERVICE);
        if (!address || (fields.size() > 1 && !port)) {
            throw new IllegalArgumentException("nat takes an address, or address . port, not " + to.type());
        }
        TableFamily family = v4 ? TableFamily.IP : TableFamily.IP6;
        Optional<Reg> portAt =
                port ? Optional.of(Reg.R0.plusBytes(fields.getFirst().length())) : Optional.empty();
        return new Statement(assembler -> {
            to.load(assembler, Reg.R0);
            assembler.emit(new Expr.Nat(type, family, Optional.of(Reg.R0), portAt, Set.of(flags)));
        });
    }

    /** A fixed address as a value. */
    public static Operand address(Ip address) {
        return Operand.constant(
                SetType.of(address.family() == Family.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR), address);
    }

    /** A fixed {@code address . port} as a value. */
    public static Operand addressAndPort(Ip address, int port) {
        DataType type = address.family() == Family.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
        return Operand.constant(SetType.of(type, DataType.INET_SERVICE), address, port);
    }

    /** Adds the key to a dynamic set, or starts its timeout anew; {@code timeout} zero is the set's own. */
    public static Statement update(NftSet set, Selector key, Duration timeout) {
        key.requireKeyOf(set);
        return new Statement(assembler -> {
            assembler.load(key, Reg.R0);
            assembler.emit(new Expr.Dynset(Expr.DynsetOp.UPDATE, set.name(), Reg.R0, Optional.empty(), timeout));
        });
    }

    /** Adds the key with a value to a dynamic map, or starts its timeout anew; {@code timeout} zero is the map's own. */
    public static Statement update(NftSet map, Selector key, Operand value, Duration timeout) {
        key.requireKeyOf(map);
        if (!map.values().equals(Optional.of(new NftSet.Target.ToData(value.type())))) {
            throw new IllegalArgumentException(map + " does not take " + value.type());
        }
        return new Statement(assembler -> {
            Reg data = Assembler.behind(key.type());
            assembler.load(key, Reg.R0);
            value.load(assembler, data);
            assembler.emit(new Expr.Dynset(Expr.DynsetOp.UPDATE, map.name(), Reg.R0, Optional.of(data), timeout));
        });
    }
}
