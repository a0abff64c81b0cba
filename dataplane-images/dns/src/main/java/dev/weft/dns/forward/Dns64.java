package dev.weft.dns.forward;

import dev.weft.dns.wire.MessageFormatException;
import dev.weft.dns.wire.Rcode;
import dev.weft.dns.wire.RecordType;
import dev.weft.dns.wire.Reply;
import dev.weft.net.Cidr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** IPv6 addresses for names that have none, made from their IPv4 ones (RFC 6147), for clients without IPv4. */
final class Dns64 {
    /** RFC 6147 section 5.1.7, where no SOA record says something else. */
    private static final int LONGEST_TTL = 600;

    /** Bits 64 to 71 stay zero: RFC 6052 section 2.2. */
    private static final int GAP = 8;

    private static final int IPV4_BYTES = 4;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private final Cidr prefix;
    private final ForwardMetrics metrics;

    /** Asks whoever knows. */
    interface Asking {
        Reply ask(QuestionKey key) throws UpstreamException;
    }

    Dns64(Cidr prefix, ForwardMetrics metrics) {
        this.prefix = prefix;
        this.metrics = metrics;
    }

    /**
     * The answer about IPv6 addresses.
     *
     * @param key of a question of type AAAA
     * @throws UpstreamException if nobody answers
     */
    Reply answer(QuestionKey key, Asking others) throws UpstreamException {
        Reply own = others.ask(key);
        try {
            if (own.rcode() == Rcode.NXDOMAIN || hasAddress(own)) {
                return own;
            }
            Reply ipv4 = others.ask(new QuestionKey(key.name(), RecordType.A, key.flags()));
            if (ipv4.rcode() != Rcode.NOERROR) {
                return own;
            }
            List<Reply.Answer> translated = translate(ipv4, own.ttl() > 0 ? own.ttl() : LONGEST_TTL);
            if (translated.stream().noneMatch(answer -> answer.type() == RecordType.AAAA)) {
                return own;
            }
            metrics.translated();
            return Reply.of(key.name(), RecordType.AAAA, translated);
        } catch (MessageFormatException e) {
            throw new UpstreamException("an answer about " + key.name() + " cannot be translated", e);
        }
    }

    private static boolean hasAddress(Reply reply) throws MessageFormatException {
        for (Reply.Answer answer : reply.answers()) {
            if (answer.type() == RecordType.AAAA && !isMapped(answer.data())) {
                return true;
            }
        }
        return false;
    }

    /** IPv4 in IPv6 (::ffff:0:0/96) is nothing that anybody could reach: RFC 6147 section 5.1.4. */
    private static boolean isMapped(byte[] data) {
        return data.length == MAPPED.length + IPV4_BYTES
                && Arrays.equals(data, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    }

    private List<Reply.Answer> translate(Reply ipv4, int mostTtl) throws MessageFormatException {
        List<Reply.Answer> translated = new ArrayList<>();
        for (Reply.Answer answer : ipv4.answers()) {
            if (answer.type() == RecordType.A && answer.data().length == IPV4_BYTES) {
                int ttl = Math.min(answer.ttl(), mostTtl);
                translated.add(new Reply.Answer(answer.owner(), RecordType.AAAA, ttl, embed(prefix, answer.data())));
            } else if (answer.type() == RecordType.CNAME) {
                translated.add(answer);
            }
        }
        return translated;
    }

    /** RFC 6052 section 2.2. */
    static byte[] embed(Cidr prefix, byte[] ipv4) {
        byte[] address = prefix.network().bytes();
        int at = prefix.length() / 8;
        for (byte part : ipv4) {
            if (at == GAP) {
                at++;
            }
            address[at++] = part;
        }
        return address;
    }
}
