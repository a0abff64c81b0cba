package dev.weft.ingress.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.route.PathRewrite;
import dev.weft.testkit.Seeded;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexRewriteTest {
    private static PathRewrite.Regex regex(String pattern, String replacement) {
        return new PathRewrite.Regex(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), replacement);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
            /something(/|$)(.*) | /$2        | /something/new   |        -> /new
            /something(/|$)(.*) | /$2        | /Something       |        -> /
            /something(/|$)(.*) | /$2        | /x/something/a%20b | q=1  -> /a%20b?q=1
            /a/(.*)             | /$1?from=a | /a/b             | q=1    -> /b?from=a&q=1
            /a/(.*)             | $1         | /a/b             |        -> /b
            /a(x)?              | /b$1$3     | /a               |        -> /b
            /a                  | /          | /b               |        -> none
            /a/(.*)             | /$1        | /a/caf%C3%A9%3F  |        -> /caf%C3%A9%3F
            /a/(.*)             | /b?c=$1    | /a/d%26e=f%2B    |        -> /b?c=d%26e=f%2B
            /a/(.*)             | /b?c=$1    | /a/d&e           | q=1    -> /b?c=d&e&q=1
            /a                  | /b?c=%20   | /a               |        -> /b?c=%20
            /a                  | /$x        | /a/%zz           |        -> none
            """)
    void replaces_the_whole_path(String given, String asked) {
        String[] parts = given.split("\\|(?![$)])");
        assertThat(RegexRewrite.apply(
                                regex(parts[0].strip(), parts[1].strip()),
                                parts[2].strip(),
                                parts.length > 3 ? parts[3].strip() : "")
                        .orElse("none"))
                .isEqualTo(asked);
    }

    @Test
    void what_comes_out_is_a_path_that_fits_a_request_line() {
        Seeded.loop(5_000, random -> {
            StringBuilder raw = new StringBuilder("/");
            for (int i = random.nextInt(20); i > 0; i--) {
                raw.append((char) (0x21 + random.nextInt(0x5e)));
            }
            RegexRewrite.apply(regex("/(.*)", "$1"), raw.toString(), "")
                    .ifPresent(target -> assertThat(target).matches("/[\\x21-\\x7e]*"));
        });
    }
}
