package dev.weft.dns.forward;

import java.io.IOException;
import java.util.List;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What test servers say. */
final class Replies {
    private Replies() {}

    static Message answer(Message query, Record... records) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        for (Record record : records) {
            answer.addRecord(record, Section.ANSWER);
        }
        return answer;
    }

    static Record a(Message query, int ttl, int last) {
        try {
            return new ARecord(
                    query.getQuestion().getName(), DClass.IN, ttl, java.net.InetAddress.getByAddress(new byte[] {
                        (byte) 192, 0, 2, (byte) last
                    }));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<byte[]> good(Message query) {
        return List.of(answer(query, a(query, 300, 1)).toWire());
    }

    static String text(Message message) {
        return Rcode.string(message.getRcode())
                + message.getSection(Section.ANSWER).stream()
                        .map(record -> " " + Type.string(record.getType()) + " " + record.rdataToString())
                        .toList();
    }
}
