package dev.weft.dns.forward;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.RecordType;

/**
 * What makes two questions the same for other servers.
 *
 * @param flags DO as 1, DNS64 as 2, and CD of the header
 */
record QuestionKey(DnsName name, int type, int flags) {
    private static final int CD = 0x10;
    private static final int DO = 1;
    private static final int DNS64 = 2;

    static QuestionKey of(Question question, byte[] query, boolean dns64) {
        return new QuestionKey(question.toName(), question.type(), flags(question, query, dns64));
    }

    /** @param dns64 whether addresses are made for those without; not for who wants to see signatures himself */
    static int flags(Question question, byte[] query, boolean dns64) {
        int checking = query[3] & CD;
        boolean made = dns64 && checking == 0 && question.type() == RecordType.AAAA;
        return checking | (question.dnssecOk() ? DO : 0) | (made ? DNS64 : 0);
    }

    boolean matches(Question question, int otherFlags) {
        return flags == otherFlags
                && type == question.type()
                && name.matches(question.name(), 0, question.nameLength());
    }

    int hash() {
        return name.hash();
    }

    boolean dnssecOk() {
        return (flags & DO) != 0;
    }

    boolean dns64() {
        return (flags & DNS64) != 0;
    }

    /** The same question to those who do not make addresses. */
    QuestionKey withoutDns64() {
        return new QuestionKey(name, type, flags & ~DNS64);
    }

    /** Byte 3 of the header. */
    int headerFlags() {
        return flags & CD;
    }
}
