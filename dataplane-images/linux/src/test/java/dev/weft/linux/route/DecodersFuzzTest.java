package dev.weft.linux.route;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whatever bytes come, the decoders give a value or a {@link NetlinkFormatException}. Without JAZZER_FUZZ=1 in the
 * environment the corpus is replayed only.
 */
class DecodersFuzzTest {
    private static final List<Consumer<NetlinkMessage>> DECODERS = List.of(
            Link::decode,
            Address::decode,
            Route::decode,
            Neighbour::decode,
            FdbEntry::decode,
            message -> Tbf.decode(message, 7));

    @FuzzTest(maxDuration = "60s")
    void decoders(byte[] bytes) {
        decodeAll(bytes);
    }

    static void decodeAll(byte[] bytes) {
        NetlinkMessage message = new NetlinkMessage(16, 0, bytes);
        for (Consumer<NetlinkMessage> decoder : DECODERS) {
            try {
                decoder.accept(message);
            } catch (NetlinkFormatException e) {
                // The one way to refuse; what another exception would be is a failure of the test.
                if (e.getMessage() == null) {
                    throw e;
                }
            }
        }
    }
}
