package dev.weft.cni.probe;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.nio.ByteBuffer;
import java.util.List;

/** Whatever datagram comes: an answer no longer than it, or none. */
class ProbeMessageFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void datagrams(byte[] bytes) {
        Responder responder = new Responder(List.of(Cidr.parse("10.244.0.0/16")), () -> 1450, 0);
        responder.answer(ByteBuffer.wrap(bytes), Ip.parse("10.244.2.1"), 0).ifPresent(answer -> {
            if (answer.remaining() > bytes.length) {
                throw new AssertionError("answer of " + answer.remaining() + " bytes to " + bytes.length);
            }
        });
    }
}
