package dev.weft.ingress.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Seeded;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            /,                  /
            /a/b,               /a/b
            /a/b/,              /a/b/
            //a///b//,          /a/b/
            /a/./b/.,           /a/b/
            /a/../b,            /b
            /a/b/..,            /a/
            /a/b/../../,        /
            /a/...,             /a/...
            /a.b/.c/..d,        /a.b/.c/..d
            /%61,               /a
            /a%2Fb,             /a/b
            /x/%2e%2E%2fadmin,  /admin
            /a%3Fb%23c,         '/a?b#c'
            /a%20b+c,           '/a b+c'
            /caf%C3%A9,         /café
            /cafÃ©,             /café
            /a#b,               /a
            *,                  *
            """)
    void octets_are_decoded_and_dots_followed(String raw, String normal) {
        assertThat(Paths.normal(raw)).contains(normal);
    }

    @ParameterizedTest
    @CsvSource({"/..", "/a/../..", "/a/%2e%2e/../b", "/%", "/%a", "/%zz", "/a%00b"})
    void what_leads_above_the_root_or_cannot_be_decoded_is_refused(String raw) {
        assertThat(Paths.normal(raw)).isEmpty();
    }

    @Test
    void any_text_has_a_normal_path_without_dots_and_empty_elements_or_none() {
        Seeded.loop(20_000, random -> {
            Optional<String> normal = Paths.normal("/" + text(random));
            normal.ifPresent(path -> assertThat(path)
                    .startsWith("/")
                    .doesNotContain("//")
                    .doesNotContain("/./")
                    .doesNotContain("/../")
                    .doesNotEndWith("/.")
                    .doesNotEndWith("/.."));
        });
    }

    private static String text(Random random) {
        String[] parts = {"/", ".", "..", "a", "%2f", "%2e", "%", "%c3%a9", "#", "\u00c3", "%00", "%5c", "+", "?"};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(random.nextInt(20) == 0 ? (char) random.nextInt(0x200) : parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }
}
