package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class DnsStatusJsonTest {
    private static final DnsStatus STATUS = new DnsStatus(
            "0.1.0",
            true,
            "ok   zone\nok   stopping",
            new DnsStatus.Config(false, "ttl \"4000\" is not between 0 and 3600", "0123"),
            12,
            List.of(
                    new DnsStatus.Upstream(".", "192.0.2.1:53", true, false, ""),
                    new DnsStatus.Upstream("corp.example.", "[2001:db8::1]:853", false, true, "connect timed out")));

    @Test
    void survives_the_way_there_and_back() {
        assertThat(DnsStatusJson.read(DnsStatusJson.write(STATUS))).isEqualTo(STATUS);
    }

    @Test
    void what_is_missing_is_named() {
        assertThatExceptionOfType(ConfigFormatException.class)
                .isThrownBy(() -> DnsStatusJson.read("{\"version\":\"1\",\"config\":{}}"))
                .withMessageContaining("ready");
    }
}
