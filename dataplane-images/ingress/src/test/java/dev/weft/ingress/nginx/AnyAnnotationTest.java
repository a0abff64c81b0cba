package dev.weft.ingress.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.match.TestRequest;
import dev.weft.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever annotations say, the compiler makes something of it: one Ingress must not stop all others. */
class AnyAnnotationTest {
    private static final List<String> NAMES =
            Catalog.all().stream().map(Catalog.Entry::name).toList();
    private static final String[] VALUES = {
        "true",
        "false",
        "on",
        "off",
        "0",
        "-1",
        "99999999999",
        "1",
        "cookie",
        "basic",
        "default/x",
        "a/b/c",
        "/",
        "$1",
        "/$1(",
        "https://$host/x",
        "http://",
        "http://[::1]:0/",
        "*",
        "*.",
        "10.0.0.0/99",
        "::1",
        "CN=(",
        "GET",
        "a b",
        "é",
        "%00",
        "{}",
        "~^x",
        ",",
        "http_500",
        "HTTPS",
        "sticky",
        "none",
        "1m",
        "999999999999g",
        "\\\\",
        "[[:x:]]"
    };

    @Test
    void any_values_are_compiled_and_other_ingresses_served() {
        Seeded.loop(1_000, random -> {
            List<String> annotations = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                String name = NAMES.get(random.nextInt(NAMES.size()));
                if (annotations.stream().noneMatch(line -> line.startsWith(name + ":"))) {
                    annotations.add(name + ": " + value(random));
                }
            }
            Served served = Served.of(
                    Served.ingress(
                            "odd", "odd.example", "web", annotations, "Prefix /", "ImplementationSpecific /x(.*"),
                    Served.ingress("web", "a.example", "web", List.of(), "Prefix /"),
                    Served.service("web"));
            assertThat(served.target("a.example/")).isEqualTo("web");
            assertThat(served.rule(TestRequest.get("odd.example/x"))).isNotNull();
        });
    }

    private static String value(Random random) {
        String value = VALUES[random.nextInt(VALUES.length)];
        return random.nextInt(3) == 0 ? value + VALUES[random.nextInt(VALUES.length)] : value;
    }

    @Test
    void every_annotation_of_ingress_nginx_is_known_once() {
        assertThat(NAMES).hasSizeGreaterThan(115).doesNotHaveDuplicates();
        assertThat(Catalog.find("configuration-snippet").orElseThrow().support())
                .isEqualTo(Catalog.Support.REFUSED);
    }
}
