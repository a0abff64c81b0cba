package dev.weft.dns.serve;

import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.Rcode;
import dev.weft.dns.wire.RecordType;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.NameEntry;
import dev.weft.dns.zone.Soa;
import java.util.function.Supplier;

/**
 * Turns a query into an answer, from memory alone and without allocation, as far as that goes. One for each thread.
 *
 * <p>Order: the cluster's names, then the names of the configuration, then what is cached of others.
 */
public final class Responder {
    /** No answer from memory: for {@link Later}. */
    public static final int ASK_OTHERS = -1;

    /** Most bytes of an answer over UDP: fits any path without fragments (DNS flag day 2020). */
    public static final int UDP_BYTES = 1232;

    /** Most bytes of a message at all. */
    public static final int MOST_BYTES = 65535;

    private static final int HEADER = 12;
    private static final int OPT_BYTES = 11;
    private static final int AUTHORITATIVE = 0x04;
    private static final int TRUNCATED = 0x02;

    private final Supplier<Serving> source;
    private final Tally tally;
    private final Question question = new Question();
    private final PodNames podNames = new PodNames();
    private final Shuffle shuffle = new Shuffle();

    public Responder(Supplier<Serving> source, Tally tally) {
        this.source = source;
        this.tally = tally;
    }

    /** The last question. */
    public Question question() {
        return question;
    }

    /**
     * Answers a query.
     *
     * @param out has room for {@link #MOST_BYTES} over TCP, for {@link #UDP_BYTES} over UDP
     * @param ipv4 whether the client came so, for metrics
     * @return the answer's length; 0 if nothing is to be sent; {@link #ASK_OTHERS}
     */
    public int respond(byte[] packet, int length, byte[] out, boolean tcp, boolean ipv4) {
        Question.Verdict verdict = question.parse(packet, length);
        if (verdict == Question.Verdict.DROP) {
            return 0;
        }
        tally.request(question, ipv4, length);
        int limit = tcp ? MOST_BYTES : udpLimit(question);
        int result = switch (verdict) {
            case OK -> answer(packet, out, limit);
            case FORMERR -> refuse(packet, out, Rcode.FORMERR);
            case NOTIMP -> refuse(packet, out, Rcode.NOTIMP);
            case BADVERS -> refuse(packet, out, Rcode.BADVERS);
            case DROP -> 0;
        };
        if (result > 0) {
            tally.response(verdict == Question.Verdict.BADVERS ? Rcode.BADVERS : out[3] & 15, result);
        }
        return result;
    }

    /** What an answer to this question may have over UDP. */
    public static int udpLimit(Question question) {
        return Math.min(question.udpSize(), UDP_BYTES);
    }

    private int answer(byte[] packet, byte[] out, int limit) {
        if (question.recordClass() != 1) {
            return refuse(packet, out, Rcode.REFUSED);
        }
        Serving serving = source.get();
        if (question.type() == RecordType.AXFR || question.type() == RecordType.IXFR) {
            return ASK_OTHERS;
        }
        ClusterZone zone = serving.zone();
        Soa soa = zone.soa();
        byte[] entry = zone.table().find(question.name(), 0, question.nameLength(), question.hash());
        int zoneAt = question.suffixAt(soa.zone());
        if (entry != null) {
            return known(zone, soa, entry, packet, out, limit, zoneAt);
        }
        if (zoneAt >= 0) {
            return unknown(serving, soa, packet, out, limit, zoneAt);
        }
        if (!zone.isComplete() && question.isReverse()) {
            return refuse(packet, out, Rcode.SERVFAIL);
        }
        return others(serving, packet, out, limit);
    }

    private int known(ClusterZone zone, Soa soa, byte[] entry, byte[] packet, byte[] out, int limit, int zoneAt) {
        int set = NameEntry.find(entry, question.type());
        if (set != 0) {
            return positive(entry, set, packet, out, limit);
        }
        if (NameEntry.find(entry, RecordType.CNAME) != 0) {
            return ASK_OTHERS;
        }
        if (zoneAt == 0 && question.type() == RecordType.SOA) {
            return authority(soa, packet, out, Rcode.NOERROR, 0, true);
        }
        if (!zone.isComplete()) {
            return refuse(packet, out, Rcode.SERVFAIL);
        }
        return zoneAt >= 0 ? authority(soa, packet, out, Rcode.NOERROR, zoneAt, false) : empty(packet, out);
    }

    private int unknown(Serving serving, Soa soa, byte[] packet, byte[] out, int limit, int zoneAt) {
        ClusterZone zone = serving.zone();
        if (!zone.isComplete()) {
            return refuse(packet, out, Rcode.SERVFAIL);
        }
        byte[] pod = podNames.find(zone, question);
        if (pod != null) {
            int set = NameEntry.find(pod, question.type());
            return set != 0
                    ? positive(pod, set, packet, out, limit)
                    : authority(soa, packet, out, Rcode.NOERROR, zoneAt, false);
        }
        if (serving.autopath() && (question.type() == RecordType.A || question.type() == RecordType.AAAA)) {
            return ASK_OTHERS;
        }
        return authority(soa, packet, out, Rcode.NXDOMAIN, zoneAt, false);
    }

    private int others(Serving serving, byte[] packet, byte[] out, int limit) {
        byte[] host = serving.hosts().find(question.name(), 0, question.nameLength(), question.hash());
        if (host != null) {
            int set = NameEntry.find(host, question.type());
            if (set != 0) {
                return positive(host, set, packet, out, limit);
            }
            if (question.type() == RecordType.A || question.type() == RecordType.AAAA) {
                return empty(packet, out);
            }
        }
        System.arraycopy(packet, 0, out, 0, question.questionEnd());
        int cached = serving.cache().write(question, out, limit);
        if (cached == AnswerCache.MISS) {
            tally.cache(Tally.Cached.MISS);
            return ASK_OTHERS;
        }
        boolean denial = (out[3] & 15) == Rcode.NXDOMAIN || (out[6] == 0 && out[7] == 0);
        tally.cache(denial ? Tally.Cached.DENIAL : Tally.Cached.SUCCESS);
        return cached;
    }

    private int positive(byte[] entry, int set, byte[] packet, byte[] out, int limit) {
        int start = head(packet, out, AUTHORITATIVE, Rcode.NOERROR);
        int from = NameEntry.records(set);
        int length = NameEntry.length(entry, set);
        int answers = NameEntry.answers(entry, set);
        int glue = NameEntry.glue(entry, set);
        int room = limit - start - (question.edns() ? OPT_BYTES : 0);
        if (length <= room) {
            System.arraycopy(entry, from, out, start, length);
        } else {
            int all = answers + glue;
            int fit = 0;
            length = 0;
            // Owners are two bytes long, a pointer, wherever there is more than one record.
            while (fit < all) {
                int next = recordLength(entry, from + length);
                if (length + next > room) {
                    break;
                }
                length += next;
                fit++;
            }
            System.arraycopy(entry, from, out, start, length);
            if (fit < answers) {
                out[2] |= TRUNCATED; // RFC 2181 section 9: missing glue alone does not count
            }
            glue = Math.max(0, fit - answers);
            answers = Math.min(fit, answers);
        }
        if (answers > 1 && (question.type() == RecordType.A || question.type() == RecordType.AAAA)) {
            shuffle.records(out, start, answers, question.type() == RecordType.A ? 16 : 28);
        }
        counts(out, answers, 0, glue);
        return tail(out, start + length, 0);
    }

    private static int recordLength(byte[] entry, int at) {
        int end = at;
        while (entry[end] > 0) { // an owner written out, beyond the reach of pointers
            end += entry[end] + 1;
        }
        int owner = end - at + (entry[end] == 0 ? 1 : 2);
        return owner + 10 + (((entry[at + owner + 8] & 0xff) << 8) | (entry[at + owner + 9] & 0xff));
    }

    /** A negative answer, or the SOA record itself. */
    private int authority(Soa soa, byte[] packet, byte[] out, int rcode, int zoneAt, boolean asked) {
        int at = head(packet, out, AUTHORITATIVE, rcode);
        soa.write(out, at, HEADER + zoneAt);
        counts(out, asked ? 1 : 0, asked ? 0 : 1, 0);
        return tail(out, at + soa.length(), 0);
    }

    private int empty(byte[] packet, byte[] out) {
        int at = head(packet, out, AUTHORITATIVE, Rcode.NOERROR);
        counts(out, 0, 0, 0);
        return tail(out, at, 0);
    }

    private int refuse(byte[] packet, byte[] out, int rcode) {
        int at = head(packet, out, 0, rcode & 15);
        out[5] = (byte) (at > HEADER ? 1 : 0);
        counts(out, 0, 0, 0);
        return tail(out, at, rcode >> 4);
    }

    /** Header and question, as asked; returns where they end. */
    private int head(byte[] packet, byte[] out, int flags, int rcode) {
        int end = question.questionEnd();
        System.arraycopy(packet, 0, out, 0, end);
        // QR, the query's opcode and RD.
        out[2] = (byte) (0x80 | (packet[2] & 0x79) | flags);
        out[3] = (byte) rcode;
        out[4] = 0;
        out[5] = 1;
        return end;
    }

    private static void counts(byte[] out, int answers, int authority, int additional) {
        out[6] = (byte) (answers >> 8);
        out[7] = (byte) answers;
        out[8] = 0;
        out[9] = (byte) authority;
        out[10] = (byte) (additional >> 8);
        out[11] = (byte) additional;
    }

    /** Ends the message with the OPT record, if the query had one. */
    private int tail(byte[] out, int at, int upperRcode) {
        int end = question.writeOpt(out, at);
        if (end > at) {
            out[at + 5] = (byte) upperRcode;
        }
        return end;
    }
}
