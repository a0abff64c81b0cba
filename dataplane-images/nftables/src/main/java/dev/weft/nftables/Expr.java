package dev.weft.nftables;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One instruction of a rule, as the kernel has it (linux/netfilter/nf_tables.h). A rule is a list of them, evaluated in
 * order over 16 registers; one that does not match ends the rule. Write rules with {@link Nft}; these are what comes
 * out, and what a dump is read back into.
 */
public sealed interface Expr {
    /** Loads bytes of the packet. {@code offset} and {@code length} in bytes, the length 1 to 16. */
    record Payload(Base base, int offset, int length, Reg to) implements Expr {
        public Payload {
            if (offset < 0 || offset > 255 || length < 1 || length > 16) {
                throw new IllegalArgumentException("payload " + offset + "+" + length);
            }
        }
    }

    /** Where a payload offset counts from; {@code enum nft_payload_bases}. */
    enum Base {
        LINK(0),
        NETWORK(1),
        TRANSPORT(2);

        private final int code;

        Base(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Optional<Base> ofCode(int code) {
            return Codes.find(values(), Base::code, code);
        }
    }

    record Meta(MetaKey key, Reg to) implements Expr {}

    record MetaSet(MetaKey key, Reg from) implements Expr {}

    record Ct(CtKey key, Reg to) implements Expr {}

    record CtSet(CtKey key, Reg from) implements Expr {}

    /** Asks the routing table for the type (local, broadcast, …) of an address of the packet. */
    record Fib(Set<FibFlag> flags, Reg to) implements Expr {
        public Fib {
            flags = Set.copyOf(flags);
        }
    }

    /** {@code enum nft_fib_flags}. */
    enum FibFlag {
        SADDR(1),
        DADDR(1 << 1),
        MARK(1 << 2),
        IIF(1 << 3),
        OIF(1 << 4);

        private final int bit;

        FibFlag(int bit) {
            this.bit = bit;
        }

        int bit() {
            return bit;
        }
    }

    record Cmp(CmpOp op, Reg from, Data with) implements Expr {}

    /** {@code enum nft_cmp_ops}. */
    enum CmpOp {
        EQ(0),
        NE(1),
        LT(2),
        LE(3),
        GT(4),
        GE(5);

        private final int code;

        CmpOp(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Optional<CmpOp> ofCode(int code) {
            return Codes.find(values(), CmpOp::code, code);
        }
    }

    /** {@code to = (from & mask) ^ xor}; mask and xor have the same length. */
    record Bitwise(Reg from, Reg to, Data mask, Data xor) implements Expr {
        public Bitwise {
            if (mask.length() != xor.length()) {
                throw new IllegalArgumentException("mask " + mask + " and xor " + xor + " differ in length");
            }
        }
    }

    /** Inside {@code min} to {@code max}, both inclusive, as unsigned big-endian numbers; or outside. */
    record Range(Reg from, boolean inverted, Data min, Data max) implements Expr {
        public Range {
            if (min.length() != max.length() || min.compareTo(max) > 0) {
                throw new IllegalArgumentException("no range: " + min + "-" + max);
            }
        }
    }

    /** The key is in the set; or is not. */
    record Lookup(String set, Reg key, boolean inverted) implements Expr {}

    /** Loads the value a map has for the key; no match if it has none. */
    record MapLookup(String map, Reg key, Reg to) implements Expr {}

    /** Goes where a verdict map says for the key; on to the next rule if it says nothing. */
    record VerdictMap(String map, Reg key) implements Expr {}

    record Immediate(Reg to, Data data) implements Expr {}

    record Go(Verdict verdict) implements Expr {}

    /**
     * Rewrites the source or destination.
     *
     * @param family the address family; {@link TableFamily#INET} is none
     * @param flags {@code NF_NAT_RANGE_*}; the kernel adds those for address and port itself
     */
    record Nat(NatType type, TableFamily family, Optional<Reg> address, Optional<Reg> port, Set<NatFlag> flags)
            implements Expr {
        public Nat {
            flags = Set.copyOf(flags);
            if (family == TableFamily.INET || (address.isEmpty() && port.isEmpty())) {
                throw new IllegalArgumentException("nat needs ip or ip6, and an address or a port");
            }
        }
    }

    /** {@code enum nft_nat_types}. */
    enum NatType {
        SNAT(0),
        DNAT(1);

        private final int code;

        NatType(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Optional<NatType> ofCode(int code) {
            return Codes.find(values(), NatType::code, code);
        }
    }

    /** {@code NF_NAT_RANGE_*} of linux/netfilter/nf_nat.h. */
    enum NatFlag {
        RANDOM(1 << 2),
        PERSISTENT(1 << 3),
        FULLY_RANDOM(1 << 4);

        private final int bit;

        NatFlag(int bit) {
            this.bit = bit;
        }

        int bit() {
            return bit;
        }
    }

    record Masquerade(Set<NatFlag> flags) implements Expr {
        public Masquerade {
            flags = Set.copyOf(flags);
        }
    }

    /** Answers with an error: {@code type} and {@code code} of {@code enum nft_reject_types}. */
    record Reject(int type, int code) implements Expr {
        public static final Reject ICMP_PORT_UNREACHABLE = new Reject(2, 1);
        public static final Reject ICMP_ADMIN_PROHIBITED = new Reject(2, 3);
        public static final Reject TCP_RESET = new Reject(1, 0);

        public Reject {
            if (type < 0 || type > 2 || code < 0 || code > 255) {
                throw new IllegalArgumentException("reject type " + type + " code " + code);
            }
        }
    }

    /** An anonymous counter. Its numbers are no part of the ruleset, so they are no part of the value. */
    record Counter() implements Expr {}

    /** {@code offset + random or counted number modulo modulus}. */
    record Numgen(NumgenType type, int modulus, int offset, Reg to) implements Expr {
        public Numgen {
            if (modulus < 1 || offset < 0) {
                throw new IllegalArgumentException("numgen mod " + modulus + " offset " + offset);
            }
        }
    }

    /** {@code enum nft_ng_types}. */
    enum NumgenType {
        INCREMENTAL(0),
        RANDOM(1);

        private final int code;

        NumgenType(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Optional<NumgenType> ofCode(int code) {
            return Codes.find(values(), NumgenType::code, code);
        }
    }

    /** Adds or refreshes an element from the packet path; {@code timeout} zero takes the set's own. */
    record Dynset(DynsetOp op, String set, Reg key, Optional<Reg> data, Duration timeout) implements Expr {}

    /** {@code enum nft_dynset_ops}. */
    enum DynsetOp {
        ADD(0),
        UPDATE(1),
        DELETE(2);

        private final int code;

        DynsetOp(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Optional<DynsetOp> ofCode(int code) {
            return Codes.find(values(), DynsetOp::code, code);
        }
    }

    /** Matches up to {@code rate} packets a {@code unit}, after a first {@code burst}; with {@code over} those above. */
    record Limit(long rate, Duration unit, int burst, boolean over) implements Expr {
        public Limit {
            if (rate < 1 || burst < 0 || unit.isNegative() || unit.isZero()) {
                throw new IllegalArgumentException("limit " + rate + "/" + unit + " burst " + burst);
            }
        }
    }

    /** To the kernel log, or with a group to the nflog listeners of that group. Prefix of at most 127 bytes. */
    record Log(String prefix, Optional<Integer> group) implements Expr {
        public Log {
            Names.checkComment(prefix);
            group.ifPresent(number -> {
                if (number < 0 || number > 0xffff) {
                    throw new IllegalArgumentException("nflog group " + number);
                }
            });
        }
    }

    record Notrack() implements Expr {}

    /** An expression of others' making that this module does not know: kept as bytes, equal to nothing it writes. */
    record Foreign(String name, Blob data) implements Expr {}
}
