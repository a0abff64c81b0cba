package dev.weft.operator.status;

import dev.weft.api.ComponentStatus;
import dev.weft.api.DnsPlacement;
import dev.weft.api.ManagementState;
import dev.weft.operator.dns.DnsChoice;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The DNS servers as a component.
 *
 * @param running those of the placement that the spec asks for
 * @param problems what has kept them from serving for longer than {@link Health#GRACE}
 * @param starting pods that may still become ready
 * @param notes what servers say of which others make up for it
 * @param progress what is under way; empty when nothing is
 */
record DnsStatus(
        DnsChoice choice,
        Optional<DnsServers.Running> running,
        List<String> problems,
        List<String> starting,
        List<String> notes,
        String progress) {
    private static final String COMPONENT = "dns";
    private static final int TOP = 3;

    static DnsStatus of(Observed observed, DnsChoice choice) {
        Optional<DnsServers.Running> running = running(observed, choice);
        List<String> silent = observed.nodes().stream()
                .filter(NodeInfo::unreachable)
                .map(NodeInfo::name)
                .toList();
        List<String> problems = new ArrayList<>(choice.problems());
        List<String> starting = new ArrayList<>();
        DnsReports reports = DnsReports.of(observed.dns(), observed.now(), choice.effective());
        if (choice.serving()) {
            observed.dns().pods().stream()
                    .filter(p -> !p.ready() && !p.terminating() && !silent.contains(p.node()))
                    .forEach(p -> (late(observed, p) ? problems : starting).add(p.describe()));
            problems.addAll(reports.problems());
        }
        return new DnsStatus(
                choice,
                running,
                problems,
                starting,
                choice.serving() ? reports.notes() : List.of(),
                choice.serving() ? progress(running, local(choice) ? silent.size() : 0) : "");
    }

    private static boolean local(DnsChoice choice) {
        return choice.effective().placement() == DnsPlacement.NODE_LOCAL;
    }

    private static Optional<DnsServers.Running> running(Observed observed, DnsChoice choice) {
        DnsServers servers = observed.dns();
        return local(choice)
                ? servers.nodeLocal()
                : servers.running().or(() -> choice.serving() ? Optional.empty() : servers.nodeLocal());
    }

    private static boolean late(Observed observed, AgentPod pod) {
        return Duration.between(pod.readySince(), observed.now()).compareTo(Health.GRACE) > 0;
    }

    /** A server that restarts is no news while another one serves. */
    private static String progress(Optional<DnsServers.Running> running, int away) {
        if (running.isEmpty()) {
            return "DNS servers are about to start";
        }
        DnsServers.Running now = running.get();
        if (!now.current() || now.updated() < now.desired() - away) {
            return now.updated() + " of " + now.desired() + " DNS servers are up to date";
        }
        return now.ready() == 0 ? "no DNS server is ready yet" : "";
    }

    boolean progressing() {
        return !progress.isEmpty();
    }

    /** Nothing once it is removed. */
    Optional<ComponentStatus> component() {
        if (choice.state() == ManagementState.REMOVED && running.isEmpty()) {
            return Optional.empty();
        }
        String message = Stream.of(problems, starting, notes, choice.notes())
                .flatMap(part -> part.stream().limit(TOP))
                .collect(Collectors.joining("; "));
        return Optional.of(new ComponentStatus(
                COMPONENT,
                choice.state(),
                choice.version(),
                choice.serving() ? running.map(DnsServers.Running::desired).orElse(0) : 0,
                running.map(DnsServers.Running::updated).orElse(0),
                running.map(DnsServers.Running::ready).orElse(0),
                message));
    }
}
