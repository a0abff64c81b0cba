package dev.weft.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "10.244.1.0/24,253",
        "10.244.1.0/30,1",
        "10.244.1.0/31,0",
        "10.244.1.0/32,0",
        "fd00::/126,2",
        "fd00::/128,0",
        "fd00::/64,281474976710654",
        "::/0,281474976710654"
    })
    void countsAddressesForPods(String cidr, long count) {
        assertThat(new AddressRange(Cidr.parse(cidr)).count()).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource({"10.244.1.0/28,10.244.1.2,10.244.1.14", "fd00::/124,fd00::2,fd00::f"})
    void goesRoundOnceAndLeavesOutTheReservedOnes(String cidr, String first, String last) {
        AddressRange range = new AddressRange(Cidr.parse(cidr));
        Set<Ip> taken = new HashSet<>();
        Ip previous = range.cidr().network();
        for (Optional<Ip> next = range.next(previous, taken::contains);
                next.isPresent();
                next = range.next(previous, taken::contains)) {
            previous = next.get();
            taken.add(previous);
        }

        assertThat(taken).hasSize((int) range.count()).contains(Ip.parse(first), Ip.parse(last));
        assertThat(taken)
                .allMatch(range.cidr()::contains)
                .doesNotContain(range.cidr().network());
        assertThat(taken).doesNotContain(range.cidr().network().plus(1));
        assertThat(previous).isEqualTo(Ip.parse(last));
    }

    @Test
    void startsAfterTheLatestAndWraps() {
        AddressRange range = new AddressRange(Cidr.parse("10.244.1.0/29"));

        assertThat(range.next(Ip.parse("10.244.1.3"), ip -> false)).contains(Ip.parse("10.244.1.4"));
        assertThat(range.next(Ip.parse("10.244.1.6"), ip -> false)).contains(Ip.parse("10.244.1.2"));
        assertThat(range.next(Ip.parse("10.9.9.9"), ip -> false)).contains(Ip.parse("10.244.1.2"));
        assertThat(range.next(Ip.parse("10.244.1.3"), Ip.parse("10.244.1.4")::equals))
                .contains(Ip.parse("10.244.1.5"));
    }
}
