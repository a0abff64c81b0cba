package dev.weft.operator.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.DnsStatus;
import dev.weft.config.IngressStatus;
import dev.weft.net.Ip;
import dev.weft.operator.observe.ServerTrouble;
import dev.weft.operator.observe.ServerTrouble.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerPollerTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final Map<String, Ip> SERVERS = Map.of("weft-dns-1", Ip.parse("10.244.1.2"));

    private Instant now = START;
    private DnsStatus said = status(true, List.of());
    private boolean silent;
    private final ServerPoller poller = ServerPoller.ofDns(
            address -> {
                if (silent) {
                    throw new AgentSilentException("connection refused");
                }
                return said;
            },
            clock());

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    @Test
    void whatIngressesAskForAndDoNotGetIsCountedAnew() {
        List<IngressStatus> answers = new ArrayList<>(List.of(ingress(2), ingress(1)));
        ServerPoller proxies = ServerPoller.ofIngress(address -> answers.removeFirst(), clock());
        assertThat(proxies.round(SERVERS)).isTrue();
        now = now.plusSeconds(90);
        assertThat(proxies.round(SERVERS)).isTrue();
        assertThat(proxies.troubles()).singleElement().satisfies(t -> {
            assertThat(t.kind()).isEqualTo(Kind.UNSUPPORTED);
            assertThat(t.subject()).isEqualTo("server-snippet");
            assertThat(t.since()).isEqualTo(START);
            assertThat(t.detail()).isEqualTo("1 Ingress, for example shop/web");
        });
    }

    private static IngressStatus ingress(int count) {
        return new IngressStatus(
                "0.1.0",
                true,
                "",
                new IngressStatus.Config(true, "", "hash"),
                7,
                0,
                List.of(new IngressStatus.Unsupported("server-snippet", count, "shop/web")));
    }

    @Test
    void nothingIsNewsWhileAllIsWell() {
        assertThat(poller.round(SERVERS)).isFalse();
        said = new DnsStatus("0.1.0", true, "", new DnsStatus.Config(true, "", "hash"), 4711, List.of());
        assertThat(poller.round(SERVERS)).as("the number of names").isFalse();
        assertThat(poller.troubles()).isEmpty();
    }

    @Test
    void aTroubleKeepsItsAgeAndFirstWordsUntilItIsOver() {
        said = status(true, List.of(upstream(false, false, "timed out")));
        assertThat(poller.round(SERVERS)).isTrue();
        now = START.plus(Duration.ofMinutes(2));
        said = status(true, List.of(upstream(false, false, "connection refused")));
        poller.round(SERVERS);
        assertThat(poller.troubles())
                .containsExactly(
                        new ServerTrouble("weft-dns-1", Kind.UPSTREAM_DOWN, ".", "192.0.2.53:53", START, "timed out"));
        said = status(true, List.of(upstream(true, false, "connection refused")));
        assertThat(poller.round(SERVERS)).as("that it is over").isTrue();
        assertThat(poller.troubles()).isEmpty();
        assertThat(poller.round(SERVERS)).isFalse();
    }

    @Test
    void everyKindIsSeen() {
        said = status(false, List.of(upstream(false, true, "")));
        poller.round(SERVERS);
        assertThat(poller.troubles()).extracting(ServerTrouble::kind).containsExactly(Kind.CONFIG_REFUSED, Kind.LOOP);
        silent = true;
        poller.round(SERVERS);
        assertThat(poller.troubles()).extracting(ServerTrouble::kind).containsExactly(Kind.SILENT);
        poller.round(Map.of());
        assertThat(poller.troubles()).as("of a server that is gone").isEmpty();
    }

    private static DnsStatus status(boolean taken, List<DnsStatus.Upstream> upstreams) {
        return new DnsStatus(
                "0.1.0", true, "", new DnsStatus.Config(taken, taken ? "" : "no domain", "hash"), 7, upstreams);
    }

    private static DnsStatus.Upstream upstream(boolean up, boolean looping, String error) {
        return new DnsStatus.Upstream(".", "192.0.2.53:53", up, looping, error);
    }
}
