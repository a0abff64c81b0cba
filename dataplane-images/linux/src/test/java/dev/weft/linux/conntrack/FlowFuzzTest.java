package dev.weft.linux.conntrack;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.linux.NetlinkMessage;

/** Whatever bytes come, an entry is read or refused. Without JAZZER_FUZZ=1 the corpus is replayed only. */
class FlowFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void entries(byte[] bytes) {
        ConntrackTest.readsOrIsRefused(new NetlinkMessage(Flow.GET, 0, bytes));
    }
}
