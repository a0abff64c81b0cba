package dev.weft.cni.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.testkit.Golden;
import dev.weft.testkit.Seeded;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbeMessageTest {
    private static final ProbeMessage QUESTION = new ProbeMessage(
            ProbeMessage.Type.QUESTION, 1450, 0x0102030405060708L, 0x1112131415161718L, 0x2122232425262728L);

    @Test
    void bytes() {
        Golden.assertMatches("probe/question.hex", QUESTION.encode(40).array());
    }

    @Test
    void decodeUndoesEncode() {
        Seeded.loop(200, random -> {
            ProbeMessage message = random(random);
            int size = ProbeMessage.HEADER + random.nextInt(9000);
            ByteBuffer datagram = message.encode(size);
            assertThat(datagram.remaining()).isEqualTo(size);
            assertThat(ProbeMessage.decode(datagram)).contains(message);
            assertThat(datagram.remaining()).as("left as it was").isEqualTo(size);
        });
    }

    @Test
    void strangersAreNoProbes() {
        assertThat(ProbeMessage.decode(ByteBuffer.allocate(0))).isEmpty();
        assertThat(ProbeMessage.decode(ByteBuffer.allocate(2000))).isEmpty();
        assertThat(ProbeMessage.decode(QUESTION.encode(40).put(4, (byte) 2)))
                .as("version")
                .isEmpty();
        assertThat(ProbeMessage.decode(QUESTION.encode(40).put(5, (byte) 9)))
                .as("type")
                .isEmpty();
        assertThat(ProbeMessage.decode(QUESTION.encode(40).putShort(6, (short) 100)))
                .as("MTU")
                .isEmpty();
        assertThat(ProbeMessage.decode(QUESTION.encode(40).limit(31)))
                .as("length")
                .isEmpty();
    }

    /** Whatever comes: an answer or none, and what is read is written the same. */
    @Test
    void mutatedDatagramsDoNoHarm() {
        Seeded.loop(5000, random -> {
            byte[] bytes = random(random)
                    .encode(ProbeMessage.HEADER + random.nextInt(40))
                    .array();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            ByteBuffer datagram = ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length + 1));
            Optional<ProbeMessage> read = ProbeMessage.decode(datagram);
            read.ifPresent(
                    message -> assertThat(message.encode(ProbeMessage.HEADER).array())
                            .isEqualTo(Arrays.copyOf(bytes, ProbeMessage.HEADER)));
        });
    }

    @Test
    void tooShortIsRefused() {
        assertThatThrownBy(() -> QUESTION.encode(31)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ProbeMessage random(Random random) {
        return new ProbeMessage(
                random.nextBoolean() ? ProbeMessage.Type.QUESTION : ProbeMessage.Type.ANSWER,
                576 + random.nextInt(64960),
                random.nextLong(),
                random.nextLong(),
                random.nextLong());
    }
}
