package dev.weft.nftables;

import java.util.Optional;

/**
 * Where a base chain hangs in the packet's way.
 *
 * @param priority ascending order among the chains of one hook; see the constants
 * @param policy what happens to a packet that reaches the chain's end
 */
public record Hook(Type type, Point point, int priority, Policy policy) {
    public static final int RAW = -300;
    public static final int MANGLE = -150;
    public static final int DSTNAT = -100;
    public static final int FILTER = 0;
    public static final int SECURITY = 50;
    public static final int SRCNAT = 100;

    public Hook {
        // nf_tables_addchain: NAT needs conntrack to have run, which it does at -200.
        if (type == Type.NAT && priority <= -200) {
            throw new IllegalArgumentException("a nat chain has a priority above -200, not " + priority);
        }
        if (type == Type.NAT && point == Point.FORWARD) {
            throw new IllegalArgumentException("there is no nat at the forward hook");
        }
        if (type == Type.ROUTE && point != Point.OUTPUT) {
            throw new IllegalArgumentException("route chains exist at the output hook only");
        }
    }

    Hook withPolicy(Policy other) {
        return new Hook(type, point, priority, other);
    }

    /** What a base chain may do. */
    public enum Type {
        FILTER,
        NAT,
        ROUTE;

        static Optional<Type> ofName(String name) {
            for (Type type : values()) {
                if (type.toString().equals(name)) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }

        @Override
        public String toString() {
            return Codes.lower(this);
        }
    }

    /** {@code enum nf_inet_hooks} of linux/netfilter.h. */
    public enum Point {
        PREROUTING(0),
        INPUT(1),
        FORWARD(2),
        OUTPUT(3),
        POSTROUTING(4);

        private final int code;

        Point(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Optional<Point> ofCode(int code) {
            return Codes.find(values(), Point::code, code);
        }

        @Override
        public String toString() {
            return Codes.lower(this);
        }
    }

    /** {@code NF_DROP} and {@code NF_ACCEPT}. */
    public enum Policy {
        DROP(0),
        ACCEPT(1);

        private final int code;

        Policy(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Optional<Policy> ofCode(int code) {
            return Codes.find(values(), Policy::code, code);
        }

        @Override
        public String toString() {
            return Codes.lower(this);
        }
    }
}
