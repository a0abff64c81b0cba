package dev.weft.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.net.Ip;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DataTest {
    @Test
    void neighbouring_addresses_have_different_hashes() {
        Set<Integer> hashes = new HashSet<>();
        Set<Integer> buckets = new HashSet<>();
        for (int i = 0; i < 60_000; i++) {
            int hash = Data.of(Ip.parse("10.96.0.0").plus(i)).hashCode();
            hashes.add(hash);
            buckets.add(hash >>> 16);
        }
        assertThat(hashes).hasSizeGreaterThan(59_900);
        assertThat(buckets).hasSizeGreaterThan(38_000);
    }

    @Test
    void parts_are_laid_out_in_registers_of_four_bytes() {
        SetType type = SetType.of(DataType.IPV4_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE, DataType.SLOT);
        assertThat(type.encode(Ip.parse("192.0.2.1"), Nft.TCP, 443, 1))
                .hasToString("0xc00002010600000001bb000001000000");
    }

    @Test
    void an_interface_name_fills_its_field_unless_it_ends_in_a_star() {
        assertThat(DataType.IFNAME.encode("eth0").length()).isEqualTo(16);
        assertThat(DataType.IFNAME.encode("eth*")).hasToString("0x657468");
    }

    @Test
    void what_does_not_fit_a_field_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> DataType.INET_SERVICE.encode(65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> DataType.IPV4_ADDR.encode(Ip.parse("::1")));
        assertThatIllegalArgumentException().isThrownBy(() -> DataType.IFNAME.encode("a-name-of-16-byte"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NftSet.set("s", DataType.IPV4_ADDR).key(Ip.parse("192.0.2.1"), 80));
    }
}
