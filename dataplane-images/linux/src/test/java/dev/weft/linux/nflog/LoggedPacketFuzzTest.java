package dev.weft.linux.nflog;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.linux.NetlinkMessage;

/** Whatever bytes come, they give a packet, nothing, or a refusal. Without JAZZER_FUZZ=1 the corpus is replayed only. */
class LoggedPacketFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyBytesReadOrAreRefused(byte[] bytes) {
        PacketLogTest.readsOrIsRefused(new NetlinkMessage(LoggedPacket.PACKET, 0, bytes));
    }
}
