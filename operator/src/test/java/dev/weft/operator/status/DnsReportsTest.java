package dev.weft.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.DnsPlacement;
import dev.weft.api.EffectiveDnsStatus;
import dev.weft.api.ManagementState;
import dev.weft.api.PodRecords;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.ServerTrouble;
import dev.weft.operator.observe.ServerTrouble.Kind;
import dev.weft.operator.revision.Names;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DnsReportsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LONG_AGO = NOW.minusSeconds(61);
    private static final List<String> TWO = List.of("192.0.2.53", "192.0.2.54");

    @Test
    void whatHasJustBegunIsNotTold() {
        DnsReports reports = of(TWO, new ServerTrouble("weft-dns-1", Kind.LOOP, ".", "192.0.2.53:53", NOW, ""));
        assertThat(reports.problems()).isEmpty();
        assertThat(reports.notes()).isEmpty();
    }

    @Test
    void aLoopIsAProblemAndNamesTheServers() {
        assertThat(of(
                                TWO,
                                trouble("weft-dns-1", Kind.LOOP, "192.0.2.53:53", ""),
                                trouble("weft-dns-2", Kind.LOOP, "192.0.2.53:53", ""))
                        .problems())
                .containsExactly(
                        "upstream server 192.0.2.53:53 for . asks this cluster's DNS in turn and is not asked any"
                                + " more (weft-dns-1 on node1, weft-dns-2 on node2)");
    }

    @Test
    void oneUpstreamServerOfTwoIsANoteAndBothAreAProblem() {
        ServerTrouble first = trouble("weft-dns-1", Kind.UPSTREAM_DOWN, "192.0.2.53:53", "timed out");
        ServerTrouble second = trouble("weft-dns-1", Kind.UPSTREAM_DOWN, "192.0.2.54:53", "timed out");
        DnsReports one = of(TWO, first);
        assertThat(one.problems()).isEmpty();
        assertThat(one.notes())
                .containsExactly(
                        "upstream server 192.0.2.53:53 for . does not answer: timed out (weft-dns-1 on node1)");
        assertThat(of(TWO, first, second).problems()).hasSize(2);
        DnsReports ofTheNodes = of(List.of(), first, second);
        assertThat(ofTheNodes.problems()).isEmpty();
        assertThat(ofTheNodes.notes()).isEmpty();
    }

    @Test
    void aRefusedConfigurationAndASilentServerAreTold() {
        assertThat(of(TWO, trouble("weft-dns-1", Kind.CONFIG_REFUSED, "", "no domain"))
                        .problems())
                .containsExactly(
                        "the DNS configuration is not taken, the one before stays: no domain (weft-dns-1 on node1)");
        assertThat(of(TWO, trouble("weft-dns-9", Kind.SILENT, "", "connection refused"))
                        .notes())
                .containsExactly("a DNS server does not tell how it is: connection refused (weft-dns-9)");
    }

    private static ServerTrouble trouble(String pod, Kind kind, String server, String detail) {
        return new ServerTrouble(pod, kind, server.isEmpty() ? "" : ".", server, LONG_AGO, detail);
    }

    private static DnsReports of(List<String> upstreams, ServerTrouble... troubles) {
        DnsServers servers = new DnsServers(
                Optional.empty(),
                Optional.empty(),
                Stream.of("1", "2").map(DnsReportsTest::pod).toList(),
                Optional.empty(),
                Arrays.asList(troubles));
        EffectiveDnsStatus effective = new EffectiveDnsStatus(
                ManagementState.MANAGED,
                "cluster.local",
                "10.96.0.10",
                DnsPlacement.CLUSTER,
                2,
                upstreams,
                List.of(),
                List.of(),
                PodRecords.INSECURE,
                30,
                List.of());
        return DnsReports.of(servers, NOW, effective);
    }

    private static AgentPod pod(String number) {
        return new AgentPod(
                "weft-dns-" + number,
                "node" + number,
                Names.DNS,
                "",
                true,
                LONG_AGO,
                LONG_AGO,
                false,
                Optional.empty());
    }
}
