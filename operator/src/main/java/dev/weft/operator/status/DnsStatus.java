package dev.weft.operator.status;

import dev.weft.api.DnsPlacement;
import dev.weft.operator.dns.DnsChoice;
import dev.weft.operator.dns.DnsObjects;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.observe.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The DNS servers as a component: those of the placement that the spec asks for. */
final class DnsStatus {
    private DnsStatus() {}

    static ServerStatus of(Observed observed, DnsChoice choice) {
        Optional<Workload> running = running(observed, choice);
        DnsReports reports = DnsReports.of(observed.dns(), observed.now(), choice.effective());
        boolean serving = choice.serving();
        List<String> problems = new ArrayList<>(choice.problems());
        if (serving) {
            problems.addAll(ServerStatus.unready(observed, observed.dns().pods(), true));
            problems.addAll(reports.problems());
        }
        int away = local(choice) ? ServerStatus.silent(observed).size() : 0;
        return new ServerStatus(
                "dns",
                choice.state(),
                choice.version(),
                serving,
                running,
                problems,
                serving ? ServerStatus.unready(observed, observed.dns().pods(), false) : List.of(),
                serving ? reports.notes() : List.of(),
                choice.notes(),
                serving ? ServerStatus.progress(running, away, DnsObjects.KIND.people()) : "");
    }

    private static boolean local(DnsChoice choice) {
        return choice.effective().placement() == DnsPlacement.NODE_LOCAL;
    }

    private static Optional<Workload> running(Observed observed, DnsChoice choice) {
        DnsServers servers = observed.dns();
        return local(choice)
                ? servers.nodeLocal()
                : servers.running().or(() -> choice.serving() ? Optional.empty() : servers.nodeLocal());
    }
}
