package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.net.Ip;
import dev.weft.testkit.Seeded;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceQueryTest {
    private static final TraceQuery QUERY =
            new TraceQuery(Ip.parse("fd00:244::5"), Ip.parse("fd00:10:96::a"), "udp", 53);

    @Test
    void a_command_line_and_a_url_say_the_same() throws UsageException {
        assertThat(TraceQuery.ofArguments(
                        List.of("--from", "fd00:244::5", "--to=fd00:10:96::a", "--port", "53", "--protocol=udp")))
                .isEqualTo(QUERY);
        assertThat(TraceQuery.parse(QUERY.query())).isEqualTo(QUERY);
        assertThat(TraceQuery.parse("from=10.244.1.5&to=10.96.0.1&port=443").protocol())
                .isEqualTo("tcp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "from=10.0.0.1",
                "from=10.0.0.1&to=10.0.0.2",
                "from=10.0.0.1&to=10.0.0.2&port=0",
                "from=10.0.0.1&to=10.0.0.2&port=99999",
                "from=10.0.0.1&to=fd00::1&port=1",
                "from=10.0.0.1&to=10.0.0.2&port=1&protocol=icmp",
                "from=a&to=b&port=1"
            })
    void what_cannot_be_is_refused(String query) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TraceQuery.parse(query))
                .withMessageMatching(".+");
    }

    @Test
    void any_text_is_a_query_or_refused() {
        String right = QUERY.query();
        Seeded.loop(5_000, random -> {
            StringBuilder text = new StringBuilder(right);
            for (int i = random.nextInt(4); i >= 0; i--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
            }
            try {
                TraceQuery parsed = TraceQuery.parse(text.toString());
                assertThat(TraceQuery.parse(parsed.query())).isEqualTo(parsed);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        });
    }

    @Test
    void says_so_where_the_role_is_off() {
        assertThat(QUERY.answer(Optional.empty(), Optional.empty()))
                .contains("not the service proxy")
                .contains("does not enforce");
    }
}
