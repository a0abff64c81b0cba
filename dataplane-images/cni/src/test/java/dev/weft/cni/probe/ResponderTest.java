package dev.weft.cni.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.testkit.Seeded;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResponderTest {
    private static final Ip POD = Ip.parse("10.244.2.1");
    private static final ProbeMessage QUESTION = new ProbeMessage(ProbeMessage.Type.QUESTION, 1400, 7, 8, 9);

    private final Responder responder =
            new Responder(List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/56")), () -> 1450, 0);

    @Test
    void answersWithTheOwnMtuAndTheSameSize() {
        ByteBuffer answer = responder.answer(QUESTION.encode(1422), POD, 0).orElseThrow();
        assertThat(answer.remaining()).isEqualTo(1422);
        assertThat(ProbeMessage.decode(answer)).contains(new ProbeMessage(ProbeMessage.Type.ANSWER, 1450, 7, 8, 9));
    }

    @Test
    void onlyQuestionsOfThePodNetworkAreAnswered() {
        assertThat(responder.answer(QUESTION.encode(40), Ip.parse("192.0.2.1"), 0))
                .isEmpty();
        assertThat(responder.answer(QUESTION.encode(40), Ip.parse("fd00:244:0:7::1"), 0))
                .isPresent();
        assertThat(responder.answer(QUESTION.answeredBy(1450).encode(40), POD, 0))
                .as("no two responders that answer each other for ever")
                .isEmpty();
    }

    @Test
    void aFloodIsNotAnswered() {
        assertThat(answersTo(10_000, 0)).isEqualTo(400);
        assertThat(answersTo(10_000, Duration.ofSeconds(1).toNanos())).isEqualTo(200);
        assertThat(answersTo(10_000, Duration.ofHours(1).toNanos())).isEqualTo(400);
    }

    private long answersTo(int questions, long nowNanos) {
        return IntStream.range(0, questions)
                .filter(i ->
                        responder.answer(QUESTION.encode(32), POD, nowNanos).isPresent())
                .count();
    }

    @Test
    void noAnswerIsLongerThanWhatCame() {
        Seeded.loop(2000, random -> {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            byte[] head = QUESTION.encode(32).array();
            System.arraycopy(head, 0, bytes, 0, Math.min(bytes.length, random.nextInt(33)));
            responder
                    .answer(ByteBuffer.wrap(bytes), POD, random.nextLong(1L << 40))
                    .ifPresent(answer -> assertThat(answer.remaining()).isLessThanOrEqualTo(bytes.length));
        });
    }
}
