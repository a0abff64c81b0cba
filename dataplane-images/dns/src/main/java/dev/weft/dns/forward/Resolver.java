package dev.weft.dns.forward;

import dev.weft.agent.Log;
import dev.weft.dns.serve.Later;
import dev.weft.dns.serve.QueryLog;
import dev.weft.dns.serve.Responder;
import dev.weft.dns.serve.Serving;
import dev.weft.dns.serve.Tally;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.MessageFormatException;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.Rcode;
import dev.weft.dns.wire.RecordType;
import dev.weft.dns.wire.Reply;
import dev.weft.dns.zone.NameEntry;
import dev.weft.net.Cidr;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Answers what is not in memory, each question on a virtual thread: names of others are forwarded, ExternalName Services
 * followed to where they lead, search lists walked for pods. Above the bound questions are refused, as CoreDNS does:
 * rather that than memory without end.
 */
public final class Resolver implements Later {
    private static final Log LOG = Log.of("forward");
    private static final int LONGEST_CHAIN = 8;
    private static final int HEADER = 12;
    /** RFC 8767 section 5: how long a client is to wait where an old answer would do. */
    private static final Duration STALE_INSTEAD = Duration.ofMillis(1800);

    private final Serving serving;
    private final Forwarding forwarding;
    private final SearchPath searchPath;
    private final Semaphore free;
    private final int maxConcurrent;
    private final ZoneTransfer transfer;
    private final ForwardMetrics metrics;

    /**
     * @param maxConcurrent questions that wait at a time
     * @param transferTo who may have the whole zone
     */
    public Resolver(
            Serving serving,
            Forwarding forwarding,
            SearchPath searchPath,
            int maxConcurrent,
            List<Cidr> transferTo,
            ForwardMetrics metrics) {
        this.serving = serving;
        this.transfer = new ZoneTransfer(serving.zone(), transferTo);
        this.forwarding = forwarding;
        this.searchPath = searchPath;
        this.free = new Semaphore(maxConcurrent);
        this.maxConcurrent = maxConcurrent;
        this.metrics = metrics;
    }

    @Override
    public void ask(byte[] query, Client client) {
        if (!free.tryAcquire()) {
            metrics.rejected();
            new Asking(query, client).refuse(Rcode.REFUSED);
            return;
        }
        Thread.ofVirtual().name("dns-ask").start(() -> {
            Asking asking = new Asking(query, client);
            try {
                asking.run();
            } catch (RuntimeException e) {
                LOG.error("a question brought up a fault", e);
                asking.refuse(Rcode.SERVFAIL);
            } finally {
                free.release();
            }
        });
    }

    /**
     * Waits until all questions are answered; new ones are refused.
     *
     * @return false if some are not after all
     */
    public boolean finish(Duration patience) throws InterruptedException {
        return free.tryAcquire(maxConcurrent, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Answers to one name, with all that leads to them. */
    private record Found(int rcode, List<Reply.Answer> answers) {}

    private final class Asking {
        private final byte[] query;
        private final Client client;
        private final Question question = new Question();

        Asking(byte[] query, Client client) {
            this.query = query;
            this.client = client;
            question.parse(query, query.length);
        }

        void run() {
            DnsName name = question.toName();
            if (question.type() == RecordType.AXFR || question.type() == RecordType.IXFR) {
                transfer();
                return;
            }
            if (forwarding.isLoop(name)) {
                refuse(Rcode.SERVFAIL);
                return;
            }
            try {
                if (serving.zone().table().find(name) != null) {
                    chain(name);
                } else if (question.suffixAt(serving.zone().options().domain()) >= 0) {
                    search(name);
                } else {
                    forward();
                }
            } catch (UpstreamException e) {
                LOG.debug("no answer", "name", name, "error", e.toString());
                staleOr(Rcode.SERVFAIL);
            } catch (MessageFormatException e) {
                LOG.warn("an upstream server's answer makes no sense", e, "name", name);
                refuse(Rcode.SERVFAIL);
            }
        }

        private void transfer() {
            int refusal = transfer.refusal(question, client);
            if (refusal != Rcode.NOERROR) {
                refuse(refusal);
                return;
            }
            try {
                transfer.send(query, question, client);
            } catch (IOException e) {
                LOG.debug("a zone transfer broke off", "client", client.ip(), "error", e.toString());
                refuse(Rcode.SERVFAIL);
            }
        }

        private void forward() throws UpstreamException {
            QuestionKey key = forwarding.key(question, query);
            Reply reply = forwarding.stale(question, query).isPresent()
                    ? forwarding.ask(key, STALE_INSTEAD)
                    : forwarding.ask(key);
            if (reply.rcode() == Rcode.SERVFAIL) {
                staleOr(Rcode.SERVFAIL);
                return;
            }
            byte[] out = start(Math.min(client.limit(), reply.length() + 16));
            send(out, reply.write(out, client.limit(), question, 0, Integer.MAX_VALUE));
        }

        private void staleOr(int rcode) {
            Optional<ForwardCache.Stale> stale = forwarding.stale(question, query);
            if (stale.isEmpty()) {
                refuse(rcode);
                return;
            }
            byte[] out = start(Responder.MOST_BYTES);
            metrics.servedStale();
            send(out, stale.get().write(out, client.limit(), question));
        }

        private void chain(DnsName name) throws UpstreamException, MessageFormatException {
            Found found = find(name, LONGEST_CHAIN);
            write(found);
        }

        private void search(DnsName name) throws UpstreamException, MessageFormatException {
            for (DnsName candidate : searchPath.candidates(client.ip(), name)) {
                Found found = find(candidate, LONGEST_CHAIN);
                if (found.rcode() == Rcode.NOERROR && !found.answers().isEmpty()) {
                    List<Reply.Answer> answers = new ArrayList<>();
                    int ttl = found.answers().getFirst().ttl();
                    answers.add(new Reply.Answer(name, RecordType.CNAME, ttl, candidate.wire()));
                    answers.addAll(found.answers());
                    metrics.walked();
                    write(new Found(Rcode.NOERROR, answers));
                    return;
                }
            }
            byte[] out = new byte[Responder.MOST_BYTES];
            Responder plain = new Responder(serving::plain, Tally.ofThread());
            send(out, plain.respond(query, query.length, out, client.tcp(), true));
        }

        private Found find(DnsName name, int most) throws UpstreamException, MessageFormatException {
            byte[] entry = serving.zone().table().find(name);
            if (entry != null && NameEntry.find(entry, RecordType.CNAME) != 0 && question.type() != RecordType.CNAME) {
                if (most == 0) {
                    throw new UpstreamException("a chain of aliases without end, at " + name);
                }
                DnsName target = NameEntry.names(entry, RecordType.CNAME).getFirst();
                int ttl = serving.zone().options().ttl();
                List<Reply.Answer> answers = new ArrayList<>();
                answers.add(new Reply.Answer(name, RecordType.CNAME, ttl, target.wire()));
                Found rest = find(target, most - 1);
                answers.addAll(rest.answers());
                return new Found(rest.rcode(), answers);
            }
            byte[] own = Question.query(0, name, question.type(), false);
            byte[] out = new byte[Responder.MOST_BYTES];
            Responder plain = new Responder(serving::plain, Tally.ofThread());
            int length = plain.respond(own, own.length, out, true, true);
            Reply reply = length > 0 ? Reply.read(out, length) : forwarding.ask(forwarding.key(plain.question(), own));
            return new Found(reply.rcode(), reply.answers());
        }

        private void write(Found found) {
            byte[] out = start(Responder.MOST_BYTES);
            int room = client.limit() - (question.edns() ? 11 : 0);
            int at = question.questionEnd();
            int count = 0;
            int flags = 0x84; // QR, AA
            for (Reply.Answer answer : found.answers()) {
                byte[] owner = answer.owner().equals(question.toName())
                        ? new byte[] {(byte) 0xc0, HEADER}
                        : answer.owner().wire();
                int length = owner.length + 10 + answer.data().length;
                if (at + length > room) {
                    flags |= 0x02;
                    break;
                }
                System.arraycopy(owner, 0, out, at, owner.length);
                at = numbers(out, at + owner.length, answer);
                System.arraycopy(answer.data(), 0, out, at, answer.data().length);
                at += answer.data().length;
                count++;
            }
            Arrays.fill(out, 6, HEADER, (byte) 0);
            out[2] = (byte) (flags | (query[2] & 0x79));
            out[3] = (byte) (0x80 | found.rcode());
            out[6] = (byte) (count >> 8);
            out[7] = (byte) count;
            send(out, question.writeOpt(out, at));
        }

        private static int numbers(byte[] out, int from, Reply.Answer answer) {
            int at = from;
            for (int number : new int[] {answer.type(), 1, answer.ttl() >>> 16, answer.ttl(), answer.data().length}) {
                out[at++] = (byte) (number >> 8);
                out[at++] = (byte) number;
            }
            return at;
        }

        void refuse(int rcode) {
            byte[] out = start(question.questionEnd() + 16);
            Arrays.fill(out, 6, HEADER, (byte) 0);
            out[2] = (byte) (0x80 | (query[2] & 0x79));
            out[3] = (byte) (0x80 | rcode);
            send(out, question.writeOpt(out, question.questionEnd()));
        }

        private void send(byte[] out, int length) {
            if (serving.queryLog()) {
                QueryLog.answered(client.ip(), client.tcp(), question, out, length);
            }
            client.answer(out, length);
        }

        /** Header and question as asked, and room for more. */
        private byte[] start(int bytes) {
            byte[] out = Arrays.copyOf(query, Math.max(bytes, question.questionEnd() + 16));
            Arrays.fill(out, question.questionEnd(), Math.min(query.length, out.length), (byte) 0);
            return out;
        }
    }
}
