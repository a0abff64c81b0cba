package dev.weft.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.agent.Metrics;
import dev.weft.config.DnsConfig;
import dev.weft.dns.FoundPackets;
import dev.weft.dns.serve.Responder;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.MessageFormatException;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.RecordType;
import dev.weft.dns.wire.Reply;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What other servers send, from the packet to the answer that goes on; run when asked for, as {@code ResponderFuzzTest}. */
class ReplyFuzzTest {
    private static final byte[] QUERY = Question.query(4711, DnsName.parse("a.example"), RecordType.A, false);
    private static final ForwardMetrics METRICS = new ForwardMetrics(new Metrics());
    private static final int QUESTION_END = QUERY.length - 11;

    @FuzzTest
    void anyReplyIsPassedOnOrRefused(byte[] input) throws MessageFormatException {
        check(input);
        // Few inputs guess id and question: here is one that has them.
        byte[] fitting = Arrays.copyOf(QUERY, QUESTION_END + Math.max(0, input.length - 8));
        fitting[2] = (byte) 0x80;
        System.arraycopy(input, 0, fitting, 3, Math.min(1, input.length));
        System.arraycopy(input, 0, fitting, 6, Math.min(6, input.length));
        if (input.length > 8) {
            System.arraycopy(input, 8, fitting, QUESTION_END, input.length - 8);
        }
        check(fitting);
    }

    @Test
    void foundPackets() throws IOException {
        for (byte[] packet : FoundPackets.read("replies.hex")) {
            anyReplyIsPassedOnOrRefused(packet);
        }
    }

    private static void check(byte[] packet) throws MessageFormatException {
        if (!Reply.answers(packet, packet.length, QUERY, QUESTION_END)) {
            return;
        }
        Reply reply;
        try {
            reply = Reply.read(packet, packet.length);
            reply.answers();
        } catch (MessageFormatException e) {
            assertThat(e).hasMessageMatching(".+");
            return;
        }
        ForwardCache cache = new ForwardCache(DnsConfig.Cache.DEFAULT, false, METRICS, () -> 0, key -> {});
        Question question = new Question();
        question.parse(QUERY, QUERY.length);
        cache.put(QuestionKey.of(question, QUERY, false), reply);
        for (int limit : new int[] {512, Responder.UDP_BYTES, Responder.MOST_BYTES}) {
            byte[] out = Arrays.copyOf(QUERY, Responder.MOST_BYTES);
            int length = reply.write(out, limit, question, 1, 3600);
            assertThat(length).isBetween(QUESTION_END, limit);
            assertThatNoException().isThrownBy(() -> Reply.read(out, length));
            byte[] kept = Arrays.copyOf(QUERY, Responder.MOST_BYTES);
            assertThat(cache.write(question, kept, limit)).isLessThanOrEqualTo(limit);
        }
    }
}
