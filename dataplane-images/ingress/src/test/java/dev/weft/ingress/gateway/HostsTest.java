package dev.weft.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.route.HostPattern;
import dev.weft.testkit.Seeded;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostsTest {
    @Test
    void what_listener_and_route_have_in_common() {
        assertThat(common("", "a.example")).isEqualTo("[a.example]");
        assertThat(common("a.example")).isEqualTo("[a.example]");
        assertThat(common("")).isEqualTo("[*]");
        assertThat(common("*.example", "a.example", "b.a.example", "example")).isEqualTo("[a.example, b.a.example]");
        assertThat(common("a.example", "*.example", "*.a.example")).isEqualTo("[a.example]");
        assertThat(common("*.example", "*.a.example", "*.other")).isEqualTo("[*.a.example]");
        assertThat(common("*.a.example", "*.example")).isEqualTo("[*.a.example]");
    }

    private static String common(String listener, String... hostnames) {
        return Hosts.common(listener, List.of(hostnames)).toString();
    }

    /** A host fits what two patterns have in common if and only if it fits both. */
    @Test
    void the_common_part_is_the_intersection() {
        Seeded.loop(20_000, random -> {
            HostPattern one = Hosts.pattern(name(random, true));
            HostPattern other = Hosts.pattern(name(random, true));
            String host = name(random, false);
            boolean both = one.matches(host) && other.matches(host);
            assertThat(Hosts.common(one, other)
                            .filter(pattern -> pattern.matches(host))
                            .isPresent())
                    .as("%s and %s for %s", one, other, host)
                    .isEqualTo(both);
        });
    }

    private static String name(Random random, boolean pattern) {
        StringBuilder name = new StringBuilder(pattern && random.nextInt(3) == 0 ? "*" : label(random));
        if (pattern && random.nextInt(8) == 0) {
            return "";
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            name.append('.').append(label(random));
        }
        return name.toString();
    }

    private static String label(Random random) {
        return random.nextBoolean() ? "a" : "b";
    }
}
