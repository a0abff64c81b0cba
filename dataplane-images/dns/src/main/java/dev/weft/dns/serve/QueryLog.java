package dev.weft.dns.serve;

import dev.weft.agent.Log;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.Rcode;
import dev.weft.dns.wire.RecordType;
import dev.weft.net.Ip;

/** A line for each answer, where the configuration asks for it. */
public final class QueryLog {
    private static final Log LOG = Log.of("query");

    private QueryLog() {}

    /**
     * Writes a line.
     *
     * @param answer as it is sent; its name is the question's
     */
    public static void answered(Ip client, boolean tcp, Question question, byte[] answer, int length) {
        LOG.info(
                question.toName().toString(),
                "type",
                RecordType.name(question.type()),
                "rcode",
                Rcode.name(answer[3] & 15),
                "client",
                client,
                "protocol",
                tcp ? "tcp" : "udp",
                "do",
                question.dnssecOk(),
                "bytes",
                length);
    }
}
