package dev.weft.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.operator.observe.IngressServers;
import dev.weft.operator.observe.ServerTrouble;
import dev.weft.operator.observe.ServerTrouble.Kind;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IngressReportsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void whatIsNotSupportedIsToldOnceForAllProxies() {
        IngressReports reports = of(
                trouble("weft-ingress-1", Kind.UNSUPPORTED, "server-snippet", "2 Ingresses, for example shop/web"),
                trouble("weft-ingress-2", Kind.UNSUPPORTED, "server-snippet", "2 Ingresses, for example shop/web"));
        assertThat(reports.problems()).isEmpty();
        assertThat(reports.notes())
                .containsExactly("not supported and left out: server-snippet (2 Ingresses, for example shop/web);"
                        + " Events of the Ingresses tell each");
    }

    @Test
    void ofManyTheFirstAreNamed() {
        assertThat(of(Stream.of("a", "b", "c", "d", "e")
                                .map(what -> trouble("weft-ingress-1", Kind.UNSUPPORTED, what, "1 Ingress"))
                                .toArray(ServerTrouble[]::new))
                        .notes()
                        .getFirst())
                .contains("a (1 Ingress), b (1 Ingress), c (1 Ingress) and 2 more");
    }

    @Test
    void aRefusedConfigurationIsAProblemAndNamesTheProxies() {
        assertThat(of(trouble("weft-ingress-1", Kind.CONFIG_REFUSED, "", "no ports"))
                        .problems())
                .containsExactly(
                        "the ingress configuration is not taken, the one before stays: no ports" + " (weft-ingress-1)");
    }

    @Test
    void whatHasJustBegunIsNotTold() {
        IngressReports reports = of(new ServerTrouble("weft-ingress-1", Kind.SILENT, "", "", NOW, "refused"));
        assertThat(reports.problems()).isEmpty();
        assertThat(reports.notes()).isEmpty();
    }

    private static ServerTrouble trouble(String pod, Kind kind, String subject, String detail) {
        return new ServerTrouble(pod, kind, subject, "", NOW.minusSeconds(61), detail);
    }

    private static IngressReports of(ServerTrouble... troubles) {
        return IngressReports.of(IngressServers.NONE.with(List.of(troubles)), NOW);
    }
}
