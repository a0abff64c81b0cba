package dev.weft.dns.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Another server's answer: checked from end to end, without its OPT record, and with where its TTLs are, so that it can
 * be given on with less time left. Never changes.
 */
public final class Reply {
    private static final int HEADER = 12;
    private static final int MOST_RECORDS = 4000;
    private static final int SOA_NUMBERS = 20;
    /** RFC 2181 section 8: a TTL with its top bit set is zero. */
    private static final int TOP_BIT = 0x80000000;

    private final byte[] message;
    private final int questionEnd;
    private final int[] ttlAt;
    private final int minTtl;
    private final int negativeTtl;

    private Reply(byte[] message, int questionEnd, int[] ttlAt, int minTtl, int negativeTtl) {
        this.message = message;
        this.questionEnd = questionEnd;
        this.ttlAt = ttlAt;
        this.minTtl = minTtl;
        this.negativeTtl = negativeTtl;
    }

    /**
     * Whether a packet claims to answer a query: same id, and the same question up to case. What does not is somebody's
     * try, or late.
     */
    public static boolean answers(byte[] packet, int length, byte[] query, int queryQuestionEnd) {
        if (length < HEADER || packet[0] != query[0] || packet[1] != query[1] || packet[2] >= 0) {
            return false;
        }
        if (Question.u16(packet, 4) == 0) {
            return length == HEADER && (packet[3] & 15) != 0; // a server that could not even read it
        }
        if (Question.u16(packet, 4) != 1 || length < queryQuestionEnd) {
            return false;
        }
        int name = queryQuestionEnd - 4;
        for (int i = HEADER; i < name; i++) {
            if (Question.lower(packet[i]) != Question.lower(query[i])) {
                return false;
            }
        }
        return Arrays.equals(packet, name, queryQuestionEnd, query, name, queryQuestionEnd);
    }

    /**
     * Reads a message with one question.
     *
     * @throws MessageFormatException if it is none
     */
    public static Reply read(byte[] packet, int length) throws MessageFormatException {
        if (length < HEADER || Question.u16(packet, 4) != 1) {
            throw new MessageFormatException("no answer with one question");
        }
        int at = Question.skipName(packet, HEADER, length);
        if (at < 0 || at + 4 > length) {
            throw new MessageFormatException("a question that cannot be read");
        }
        int questionEnd = at + 4;
        at = questionEnd;
        int answers = Question.u16(packet, 6);
        int authority = Question.u16(packet, 8);
        int all = answers + authority + Question.u16(packet, 10);
        if (all > MOST_RECORDS) {
            throw new MessageFormatException(all + " records");
        }
        int[] ttls = new int[all];
        int kept = 0;
        int minTtl = Integer.MAX_VALUE;
        int negativeTtl = -1;
        int end = at;
        boolean cut = false;
        for (int i = 0; i < all; i++) {
            at = Question.skipName(packet, at, length);
            if (at < 0 || at + 10 > length) {
                throw new MessageFormatException("record " + i + " is cut");
            }
            int type = Question.u16(packet, at);
            int data = Question.u16(packet, at + 8);
            int next = at + 10 + data;
            if (next > length) {
                throw new MessageFormatException("record " + i + " is cut");
            }
            // OPT is nobody else's; what follows it cannot move up because of pointers, and is additional.
            cut |= i >= answers + authority && type == RecordType.OPT;
            if (!cut) {
                int ttl = ttl(packet, at + 4);
                minTtl = Math.min(minTtl, ttl);
                if (type == RecordType.SOA && i >= answers && data >= SOA_NUMBERS) {
                    negativeTtl = Math.min(ttl, ttl(packet, next - 4));
                }
                ttls[kept++] = at + 4;
                end = next;
            }
            at = next;
        }
        byte[] message = Arrays.copyOf(packet, end);
        int additional = Math.max(0, kept - answers - authority);
        message[10] = (byte) (additional >> 8);
        message[11] = (byte) additional;
        return new Reply(
                message, questionEnd, Arrays.copyOf(ttls, kept), kept == 0 ? 0 : minTtl, Math.max(negativeTtl, -1));
    }

    private static int ttl(byte[] bytes, int at) {
        int ttl = (Question.u16(bytes, at) << 16) | Question.u16(bytes, at + 2);
        return (ttl & TOP_BIT) != 0 ? 0 : ttl;
    }

    /** Bytes of header, question and records. */
    public int length() {
        return message.length;
    }

    public int rcode() {
        return message[3] & 15;
    }

    public boolean isTruncated() {
        return (message[2] & 2) != 0;
    }

    /** Whether it has what was asked for, rather than saying that there is nothing. */
    public boolean isPositive() {
        return rcode() == Rcode.NOERROR && Question.u16(message, 6) > 0;
    }

    /**
     * For how many seconds it may be kept: RFC 2181 section 5.2, and for negative answers RFC 2308 section 5, by which
     * one without SOA is not kept.
     */
    public int ttl() {
        if (isPositive()) {
            return minTtl;
        }
        return rcode() == Rcode.NOERROR || rcode() == Rcode.NXDOMAIN ? Math.max(0, negativeTtl) : 0;
    }

    /**
     * Writes the records after header and question that are in {@code out} already, sets the header for them, and TTLs
     * to what is left. Answers that do not fit are left out whole and said so.
     *
     * @param age seconds since it came
     * @param cap seconds, the most a TTL may say
     * @return where the message ends
     */
    public int write(byte[] out, int limit, Question question, int age, int cap) {
        int start = question.questionEnd();
        int opt = question.edns() ? 11 : 0;
        out[2] = (byte) (0x80 | (out[2] & 0x79) | (message[2] & 0x02));
        // RA; AD only for those who understand it (RFC 6840 section 5.8); CD as asked.
        boolean authentic = question.dnssecOk() || (out[3] & 0x20) != 0;
        out[3] = (byte) (0x80 | (authentic ? message[3] & 0x20 : 0) | (out[3] & 0x10) | rcode());
        int body = message.length - questionEnd;
        boolean fits = start + body + opt <= limit && start == questionEnd;
        System.arraycopy(message, 6, out, 6, 6);
        int at = start;
        if (fits) {
            System.arraycopy(message, questionEnd, out, start, body);
            for (int ttlOffset : ttlAt) {
                int left = Math.min(cap, Math.max(0, ttl(message, ttlOffset) - age));
                out[ttlOffset] = (byte) (left >> 24);
                out[ttlOffset + 1] = (byte) (left >> 16);
                out[ttlOffset + 2] = (byte) (left >> 8);
                out[ttlOffset + 3] = (byte) left;
            }
            at += body;
        } else {
            out[2] |= 0x02;
            Arrays.fill(out, 6, 12, (byte) 0);
        }
        return question.writeOpt(out, at);
    }

    /** The answer section, names in it without pointers. */
    public List<Answer> answers() throws MessageFormatException {
        List<Answer> answers = new ArrayList<>();
        Decompressor names = new Decompressor(message);
        int at = questionEnd;
        for (int i = Question.u16(message, 6); i > 0; i--) {
            DnsName owner = names.name(at);
            at = Question.skipName(message, at, message.length);
            int type = Question.u16(message, at);
            int length = Question.u16(message, at + 8);
            answers.add(new Answer(owner, type, ttl(message, at + 4), names.data(type, at + 10, length)));
            at += 10 + length;
        }
        return answers;
    }

    /** A positive answer made of records, the first of which has the question's name. */
    public static Reply of(DnsName name, int type, List<Answer> answers) throws MessageFormatException {
        int length = HEADER + name.length() + 4;
        for (Answer answer : answers) {
            length += answer.owner().length() + 10 + answer.data().length;
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putShort((short) 0).putShort((short) 0x8000).putShort((short) 1).putShort((short) answers.size());
        out.putInt(0).put(name.wire()).putShort((short) type).putShort((short) 1);
        for (Answer answer : answers) {
            out.put(answer.owner().wire())
                    .putShort((short) answer.type())
                    .putShort((short) 1)
                    .putInt(answer.ttl())
                    .putShort((short) answer.data().length)
                    .put(answer.data());
        }
        return read(out.array(), length);
    }

    /** A record of class IN on its own. */
    @SuppressWarnings("ArrayRecordComponent") // a result, never compared
    public record Answer(DnsName owner, int type, int ttl, byte[] data) {}
}
