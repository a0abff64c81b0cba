package dev.weft.operator.status;

import dev.weft.operator.ingress.IngressChoice;
import dev.weft.operator.ingress.IngressObjects;
import dev.weft.operator.observe.IngressServers;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.observe.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ingress proxies as a component: those of the placement that the spec asks for. */
final class IngressStatus {
    private IngressStatus() {}

    static ServerStatus of(Observed observed, IngressChoice choice) {
        IngressServers servers = observed.ingress();
        Optional<Workload> running = choice.onNodes() ? servers.onNodes() : servers.running();
        IngressReports reports = IngressReports.of(servers, observed.now());
        boolean serving = choice.serving();
        List<String> problems = new ArrayList<>(choice.problems());
        if (serving) {
            problems.addAll(ServerStatus.unready(observed, servers.pods(), true));
            problems.addAll(reports.problems());
        }
        int away = choice.onNodes() ? ServerStatus.silent(observed).size() : 0;
        return new ServerStatus(
                "ingress",
                choice.state(),
                choice.version(),
                serving,
                running,
                problems,
                serving ? ServerStatus.unready(observed, servers.pods(), false) : List.of(),
                serving ? reports.notes() : List.of(),
                choice.notes(),
                serving ? ServerStatus.progress(running, away, IngressObjects.KIND.people()) : "");
    }
}
