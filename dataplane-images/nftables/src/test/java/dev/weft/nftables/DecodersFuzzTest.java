package dev.weft.nftables;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.linux.NetlinkMessage;

/**
 * Whatever bytes come, the decoders give a value or a {@link dev.weft.linux.NetlinkFormatException}. Runs
 * when asked for: see the README.
 */
class DecodersFuzzTest {
    private static final String SET = "ranges";
    private static final Ruleset SETS = Ruleset.of(RandomRulesets.TABLE)
            .set(NftSet.set(SET, DataType.IPV4_ADDR).interval())
            .build();

    /** Behind the header of a message about our table and set, which a fuzzer would hardly guess. */
    @FuzzTest(maxDuration = "60s")
    void decoders(byte[] bytes) {
        NetlinkMessage message = Encoder.header(RandomRulesets.TABLE)
                .attr(Uapi.NFTA_RULE_TABLE, RandomRulesets.TABLE.name())
                .attr(Uapi.NFTA_SET_ELEM_LIST_SET, SET)
                .bytes(bytes)
                .message(Uapi.NEWRULE, 0);
        CodecTest.decodeAll(SETS, message);
    }
}
