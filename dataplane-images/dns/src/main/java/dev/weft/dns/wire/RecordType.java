package dev.weft.dns.wire;

/** Record types by number, those that are acted on: RFC 1035, 2782, 3596, 6891. */
public final class RecordType {
    public static final int A = 1;
    public static final int NS = 2;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int PTR = 12;
    public static final int MX = 15;
    public static final int TXT = 16;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int OPT = 41;
    public static final int HTTPS = 65;
    public static final int IXFR = 251;
    public static final int AXFR = 252;
    public static final int ANY = 255;

    private RecordType() {}

    /** The name for metrics and logs; what has none here is {@code other}, as CoreDNS has it. */
    public static String name(int type) {
        return switch (type) {
            case A -> "A";
            case NS -> "NS";
            case CNAME -> "CNAME";
            case SOA -> "SOA";
            case PTR -> "PTR";
            case MX -> "MX";
            case TXT -> "TXT";
            case AAAA -> "AAAA";
            case SRV -> "SRV";
            case HTTPS -> "HTTPS";
            case IXFR -> "IXFR";
            case AXFR -> "AXFR";
            case ANY -> "ANY";
            default -> "other";
        };
    }
}
