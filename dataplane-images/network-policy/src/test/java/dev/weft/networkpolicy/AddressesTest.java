package dev.weft.networkpolicy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.NetworkPolicy.Peer.Block;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class AddressesTest {
    @Test
    void holds_what_any_block_has_and_its_exceptions_do_not() {
        Seeded.loop(300, random -> {
            List<Block> blocks = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                List<Cidr> except = new ArrayList<>();
                for (int e = random.nextInt(3); e > 0; e--) {
                    except.add(cidr(random));
                }
                blocks.add(new Block(cidr(random), except));
            }
            Addresses addresses = Addresses.of(Family.IPV4, blocks);
            for (int last = 0; last < 256; last++) {
                Ip ip = Ip.parse("255.255.255." + last);
                boolean wanted = blocks.stream()
                        .anyMatch(block -> block.cidr().contains(ip)
                                && block.except().stream().noneMatch(hole -> hole.contains(ip)));
                assertThat(addresses.contains(ip)).as("%s in %s", ip, blocks).isEqualTo(wanted);
            }
            for (int n = 1; n < addresses.ranges().size(); n++) {
                assertThat(addresses.ranges().get(n - 1).last().plus(1))
                        .as("ranges that touch are one")
                        .isLessThan(addresses.ranges().get(n).first());
            }
        });
    }

    /** At the family's end, where adding one would leave it. */
    private static Cidr cidr(RandomGenerator random) {
        return Cidr.containing(Ip.parse("255.255.255." + random.nextInt(256)), 24 + random.nextInt(9));
    }

    @Test
    void everything_is_told_from_the_rest() {
        assertThat(Addresses.of(Cidr.parse("::/0")).isAll()).isTrue();
        assertThat(Addresses.of(Cidr.parse("0.0.0.0/1"))
                        .and(Addresses.of(Cidr.parse("128.0.0.0/1")))
                        .isAll())
                .isTrue();
        assertThat(Addresses.of(Cidr.parse("0.0.0.0/1")).isAll()).isFalse();
        assertThat(Addresses.of(
                        Family.IPV4, List.of(new Block(Cidr.parse("0.0.0.0/0"), List.of(Cidr.parse("0.0.0.0/0"))))))
                .isEqualTo(Addresses.none(Family.IPV4));
    }
}
