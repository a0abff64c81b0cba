package dev.weft.dns.serve;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.NameTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Asks a {@link Responder} and reads its answers by another's code. */
public final class Ask {
    private final Responder responder;

    public Ask(ClusterZone zone) {
        Serving serving = new Serving(zone, new NameTable(), AnswerCache.NONE, false, false);
        this.responder = new Responder(() -> serving, Tally.ofThread());
    }

    /** The answer to a question over TCP, as a message. */
    public Message message(String name, int type) {
        return message(Question.query(7, DnsName.parse(name), type, false), true);
    }

    public Message message(byte[] query, boolean tcp) {
        byte[] out = new byte[Responder.MOST_BYTES];
        int length = responder.respond(query, query.length, out, tcp, true);
        try {
            return new Message(Arrays.copyOf(out, length));
        } catch (IOException e) {
            throw new AssertionError("the answer cannot be read", e);
        }
    }

    /** What a raw packet gets. */
    public int respond(byte[] query, byte[] out, boolean tcp) {
        return responder.respond(query, query.length, out, tcp, true);
    }

    /** The answer in short: rcode, answers, and {@code +} glue, sorted. */
    public String ask(String name, int type) {
        byte[] query = Question.query(7, DnsName.parse(name), type, false);
        if (respond(query, new byte[Responder.MOST_BYTES], true) == Responder.ASK_OTHERS) {
            return "ASK OTHERS";
        }
        Message message = message(query, true);
        StringBuilder text = new StringBuilder(org.xbill.DNS.Rcode.string(message.getRcode()));
        text(message, Section.ANSWER).forEach(line -> text.append(' ').append(line));
        text(message, Section.ADDITIONAL).forEach(line -> text.append(" +").append(line));
        if (!message.getSection(Section.AUTHORITY).isEmpty()) {
            text.append(" SOA");
        }
        return text.toString();
    }

    private static List<String> text(Message message, int section) {
        return message.getSection(section).stream()
                .filter(record -> record.getType() != Type.OPT)
                .map(Record::rdataToString)
                .sorted()
                .toList();
    }
}
