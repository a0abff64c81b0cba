package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTest {
    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "fe80:0:0:0:1:0:0:0, fe80::1:0:0:0",
        "192.0.2.1, 192.0.2.1"
    })
    void prints_as_rfc_5952(String text, String canonical) {
        assertThat(Ip.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "1.2.3", "256.1.1.1", "fe80::1%eth0", "[::1]", ":::", "", "1.2.3.4.5"})
    void what_is_no_address_is_refused_without_a_lookup(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Ip.parse(text)).withMessageContaining("'" + text + "'");
    }

    @Test
    void plus_and_back() {
        Random random = new Random(2);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            bytes[0] = 10;
            Ip address = Ip.of(bytes);
            long offset = random.nextInt(1 << 20);
            assertThat(address.plus(offset).plus(-offset)).isEqualTo(address);
            assertThat(Ip.parse(address.toString())).isEqualTo(address);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ip.parse("255.255.255.255").plus(1));
    }

    @Test
    void derived_mac_is_stable_local_and_unicast() {
        MacAddress mac = MacAddress.derivedFrom("node1");
        assertThat(mac).isEqualTo(MacAddress.derivedFrom("node1")).isNotEqualTo(MacAddress.derivedFrom("node2"));
        assertThat(mac.bytes()[0] & 0x03).isEqualTo(0x02);
        assertThat(MacAddress.parse(mac.toString())).isEqualTo(mac);
    }
}
