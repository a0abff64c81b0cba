package dev.weft.dns.forward;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;

/**
 * What makes two questions the same for other servers.
 *
 * @param flags DO as 1, and CD of the header
 */
record QuestionKey(DnsName name, int type, int flags) {
    private static final int CD = 0x10;

    static QuestionKey of(Question question, byte[] query) {
        return new QuestionKey(question.toName(), question.type(), flags(question, query));
    }

    static int flags(Question question, byte[] query) {
        return (query[3] & CD) | (question.dnssecOk() ? 1 : 0);
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
        return (flags & 1) != 0;
    }

    /** Byte 3 of the header. */
    int headerFlags() {
        return flags & CD;
    }
}
