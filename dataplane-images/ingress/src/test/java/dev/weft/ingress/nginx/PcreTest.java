package dev.weft.ingress.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.testkit.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PcreTest {
    @ParameterizedTest
    @CsvSource({
        "/a(/|$)(.*), /a(/|$)(.*)",
        "[a[], [a\\[]",
        "[]a], [\\]a]",
        "[^]a], [^\\]a]",
        "[a&&b], [a\\&\\&b]",
        "[[:alpha:]_], [\\p{Alpha}_]",
        "[[:^digit:]], [\\P{Digit}]",
        "[[:word:]], [\\w]",
        "[\\]], [\\]]",
        "\\[a], \\[a]",
    })
    void brackets_are_written_for_java(String pcre, String java) {
        assertThat(Pcre.toJava(pcre)).isEqualTo(java);
    }

    @Test
    void what_is_no_expression_is_named() {
        assertThatIllegalArgumentException().isThrownBy(() -> Pcre.exact("a(")).withMessageContaining("'a('");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pcre.exact("[[:nothing:]]"))
                .withMessageContaining("[:nothing:]");
        assertThatIllegalArgumentException().isThrownBy(() -> Pcre.exact("(".repeat(5000)));
    }

    @Test
    void any_text_is_an_expression_or_a_clear_error() {
        String[] parts = {
            "(", ")", "[", "]", "^", "&", "[:alpha:]", "\\", "*", "+", "?", "{2}", "|", "a", "-", "$", "(?:", ":]"
        };
        Seeded.loop(5_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            try {
                Pcre.ignoringCase(text.toString());
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }
}
