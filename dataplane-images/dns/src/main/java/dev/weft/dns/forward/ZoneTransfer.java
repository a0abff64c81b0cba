package dev.weft.dns.forward;

import dev.weft.dns.serve.Later;
import dev.weft.dns.serve.Responder;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.Rcode;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.NameEntry;
import dev.weft.net.Cidr;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The cluster's zone as a whole (RFC 5936), for those who may have it. What changes meanwhile may be in it or not; the SOA
 * record at its end is the one of its beginning. IXFR is answered with all of it, as RFC 1995 section 4 allows.
 */
final class ZoneTransfer {
    private static final int HEADER = 12;
    /** RFC 5936 section 3.4: compression reaches no further, and clients like messages that are not too long. */
    private static final int MESSAGE = 16 * 1024;

    private static final int NOTAUTH = 9; // RFC 2136
    private static final int AUTHORITATIVE_ANSWER = 0x84;

    private final ClusterZone zone;
    private final List<Cidr> allowed;

    ZoneTransfer(ClusterZone zone, List<Cidr> allowed) {
        this.zone = zone;
        this.allowed = List.copyOf(allowed);
    }

    /** Why it is not for this client, or NOERROR. */
    int refusal(Question question, Later.Client client) {
        if (!client.tcp() || allowed.stream().noneMatch(cidr -> cidr.contains(client.ip()))) {
            return Rcode.REFUSED;
        }
        if (!question.toName().equals(zone.options().domain())) {
            return NOTAUTH;
        }
        return zone.isComplete() ? Rcode.NOERROR : Rcode.SERVFAIL;
    }

    /**
     * Sends it.
     *
     * @throws IOException if the client is gone before all but the last message is sent
     */
    void send(byte[] query, Question question, Later.Client client) throws IOException {
        Messages messages = new Messages(query, question, client);
        byte[] soa = new byte[zone.soa().length()];
        zone.soa().write(soa, 0, HEADER);
        messages.add(new byte[0], soa, 0, soa.length);
        DnsName domain = zone.options().domain();
        IOException[] failure = new IOException[1];
        zone.table().forEach(entry -> {
            if (failure[0] == null) {
                try {
                    add(messages, domain, entry);
                } catch (IOException e) {
                    failure[0] = e;
                }
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        messages.add(new byte[0], soa, 0, soa.length);
        messages.end();
    }

    private static void add(Messages messages, DnsName domain, byte[] entry) throws IOException {
        DnsName name = NameEntry.name(entry);
        if (!name.isWithin(domain)) {
            return; // reverse names are no zone of ours
        }
        byte[] owner = name.wire();
        for (NameEntry.Slice record : NameEntry.slices(entry)) {
            messages.add(owner, entry, record.from(), record.to());
        }
    }

    /** Records in, messages out. */
    private static final class Messages {
        private final Later.Client client;
        private final Question question;
        private final byte[] out = new byte[Responder.MOST_BYTES];
        private int at;
        private int count;

        Messages(byte[] query, Question question, Later.Client client) {
            this.client = client;
            this.question = question;
            System.arraycopy(query, 0, out, 0, question.questionEnd());
            out[2] = (byte) (AUTHORITATIVE_ANSWER | (query[2] & 0x79));
            out[3] = 0;
            begin();
        }

        private void begin() {
            // The question, which the SOA records point at, is in every message: RFC 5936 section 2.2.1 allows it.
            at = question.questionEnd();
            count = 0;
        }

        /** @param owner empty if the record brings its own */
        void add(byte[] owner, byte[] from, int start, int end) throws IOException {
            int length = owner.length + end - start;
            if (at + length > MESSAGE && count > 0) {
                finish();
                client.part(out, at);
                begin();
            }
            System.arraycopy(owner, 0, out, at, owner.length);
            System.arraycopy(from, start, out, at + owner.length, end - start);
            at += length;
            count++;
        }

        private void finish() {
            Arrays.fill(out, 6, HEADER, (byte) 0);
            out[6] = (byte) (count >> 8);
            out[7] = (byte) count;
            at = question.writeOpt(out, at);
        }

        void end() {
            finish();
            client.answer(out, at);
        }
    }
}
