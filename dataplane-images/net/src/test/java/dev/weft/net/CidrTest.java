package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @ValueSource(strings = {"10.244.0.0/16", "0.0.0.0/0", "192.0.2.7/32", "fd00:244::/56", "::/0", "2001:db8::1/128"})
    void text_parses_to_itself(String text) {
        assertThat(Cidr.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.244.0.0", "10.244.0.0/33", "host/8", "10.0.0/8", "::/129", "fd00::%eth0/64", "/8", ""})
    void what_is_no_prefix_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }

    @Test
    void host_bits_are_refused_with_the_prefix_to_write() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.parse("10.244.1.7/24"))
                .withMessage("10.244.1.7/24 has host bits set; write 10.244.1.0/24");
    }

    @ParameterizedTest
    @CsvSource({
        "10.244.0.0/16, 10.244.255.255",
        "192.0.2.7/32, 192.0.2.7",
        "0.0.0.0/0, 255.255.255.255",
        "fd00:244::/112, fd00:244::ffff",
        "::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void last_address(String cidr, String last) {
        assertThat(Cidr.parse(cidr).last()).isEqualTo(Ip.parse(last));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.244.0.0/16, true",
        "10.244.0.0/16, 10.0.0.0/8, true",
        "10.244.0.0/16, 10.245.0.0/16, false",
        "0.0.0.0/0, ::/0, false"
    })
    void overlap_is_symmetric(String a, String b, boolean overlap) {
        assertThat(Cidr.parse(a).overlaps(Cidr.parse(b))).isEqualTo(overlap);
        assertThat(Cidr.parse(b).overlaps(Cidr.parse(a))).isEqualTo(overlap);
    }

    @Test
    void the_prefix_that_contains_an_address_contains_it() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            Ip address = Ip.of(bytes);
            Cidr cidr = Cidr.containing(address, random.nextInt(address.family().bits() + 1));
            assertThat(cidr.contains(address)).isTrue();
            assertThat(cidr.contains(cidr.last())).isTrue();
            assertThat(Cidr.parse(cidr.toString())).isEqualTo(cidr);
            assertThat(cidr.last().number().subtract(cidr.network().number()).add(BigInteger.ONE))
                    .isEqualTo(cidr.size());
        }
    }
}
