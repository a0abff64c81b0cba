package dev.weft.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.Metrics;
import dev.weft.config.DnsConfig;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.MessageFormatException;
import dev.weft.dns.wire.RecordType;
import dev.weft.dns.wire.Reply;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class ForwardCacheTest {
    private static final int ENTRIES = 1000;

    private final ForwardCache cache = new ForwardCache(
            new DnsConfig.Cache(ENTRIES, 3600, 0), false, new ForwardMetrics(new Metrics()), () -> 0, key -> {});

    private void put(int number, int records) throws MessageFormatException {
        DnsName name = DnsName.parse("n" + number + ".example");
        Reply.Answer answer = new Reply.Answer(name, RecordType.A, 300, new byte[4]);
        cache.put(
                new QuestionKey(name, RecordType.A, 0),
                Reply.of(name, RecordType.A, Collections.nCopies(records, answer)));
    }

    @Test
    void itIsBoundedInNumber() throws MessageFormatException {
        for (int i = 0; i < 20 * ENTRIES; i++) {
            put(i, 1);
            assertThat(cache.entries()).isLessThanOrEqualTo(ENTRIES);
        }
        assertThat(cache.entries()).isGreaterThan(ENTRIES * 8 / 10);
    }

    @Test
    void mostOfWhatFitsIsKept() throws MessageFormatException {
        int number = ENTRIES * 8 / 10;
        for (int i = 0; i < number; i++) {
            put(i, 1);
        }
        assertThat(cache.entries()).isGreaterThan(number * 8L / 10);
    }

    @Test
    void itIsBoundedInBytes() throws MessageFormatException {
        for (int i = 0; i < 3 * ENTRIES; i++) {
            put(i, 130);
            assertThat(cache.bytes()).isLessThan(1024L * ENTRIES + 4096);
        }
    }
}
