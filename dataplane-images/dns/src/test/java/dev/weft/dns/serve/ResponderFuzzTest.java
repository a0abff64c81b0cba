package dev.weft.dns.serve;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.dns.FoundPackets;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Starting Jazzer takes 20 s, so it runs when asked for; what it found is tried in every build. */
class ResponderFuzzTest {
    private static final ClusterZone ZONE = Objects.zone(PodsMode.INSECURE);
    private static final Ask DNS = new Ask(ZONE);

    static {
        Objects.put(ZONE, Objects.service("shop/web", "10.96.0.7,fd00::1", "http/tcp/80"));
        ZONE.complete();
    }

    @FuzzTest
    void anyPacketIsAnsweredOrDropped(byte[] packet) {
        DNS.respond(packet, new byte[Responder.MOST_BYTES], false);
    }

    @Test
    void foundPackets() throws IOException {
        FoundPackets.read("questions.hex").forEach(this::anyPacketIsAnsweredOrDropped);
    }
}
