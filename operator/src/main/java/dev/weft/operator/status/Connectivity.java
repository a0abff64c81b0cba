package dev.weft.operator.status;

import dev.weft.api.ConnectivityStatus;
import dev.weft.api.ConnectivityStatus.FailingPair;
import dev.weft.config.NodeStatus;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Sums up what agents say of their probes, coarsely enough that noise changes nothing. */
final class Connectivity {
    private static final int NAMED_PAIRS = 10;

    /** A single lost packet is no failure: agents probe again every second until one is answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How old an agent must be for its times to count: its first half minute is busy, and is most of its median before. */
    private static final Duration SETTLED = Duration.ofMinutes(4);

    private static final long FIRST_BUCKET_MICROS = 250;
    private static final int BUCKET_FACTOR = 4;

    private Connectivity() {}

    static ConnectivityStatus of(Observed observed, Optional<ConnectivityStatus> previous) {
        Set<String> ready = observed.nodes().stream()
                .filter(NodeInfo::ready)
                .map(NodeInfo::name)
                .collect(Collectors.toSet());
        return of(ready, observed.agents().values(), previous);
    }

    /**
     * @param ready names of the nodes that count, as asking and as asked
     * @param previous what is shown now
     */
    static ConnectivityStatus of(
            Set<String> ready, Collection<AgentReport> agents, Optional<ConnectivityStatus> previous) {
        List<FailingPair> failing = new ArrayList<>();
        List<Long> rtts = new ArrayList<>();
        int pairs = 0;
        for (AgentReport report : agents) {
            if (!(report instanceof AgentReport.Answered answered) || !ready.contains(report.node())) {
                continue;
            }
            for (NodeStatus.Probe probe : answered.status().probes()) {
                if (!ready.contains(probe.node())) {
                    continue;
                }
                pairs++;
                if (failed(probe, answered)) {
                    failing.add(new FailingPair(
                            report.node(), probe.node(), probe.family(), probe.path(), probe.message()));
                } else if (probe.rttMicros() > 0 && age(answered).compareTo(SETTLED) >= 0) {
                    rtts.add(probe.rttMicros());
                }
            }
        }
        failing.sort(Comparator.comparing(FailingPair::from)
                .thenComparing(FailingPair::to)
                .thenComparing(FailingPair::family));
        rtts.sort(Comparator.naturalOrder());
        int ok = pairs - failing.size();
        return new ConnectivityStatus(
                pairs,
                ok,
                failing.stream().limit(NAMED_PAIRS).toList(),
                steady(percentile(rtts, 50), previous.map(ConnectivityStatus::rttP50Micros)),
                steady(percentile(rtts, 99), previous.map(ConnectivityStatus::rttP99Micros)),
                ok + "/" + pairs);
    }

    private static boolean failed(NodeStatus.Probe probe, AgentReport.Answered report) {
        return !probe.ok()
                && Duration.between(probe.lastAnswered(), report.at()).compareTo(PATIENCE) > 0
                && age(report).compareTo(PATIENCE) > 0;
    }

    private static Duration age(AgentReport.Answered report) {
        return Duration.between(report.status().startedAt(), report.at());
    }

    private static long percentile(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100);
    }

    /** The bucket of a value; nothing new, or a neighbour of the one that is shown, is not worth a write. */
    private static long steady(long micros, Optional<Long> shown) {
        if (micros == 0) {
            return shown.orElse(0L);
        }
        long bucket = bucket(micros);
        boolean neighbour = shown.filter(s -> s == bucket || s * BUCKET_FACTOR == bucket || s == bucket * BUCKET_FACTOR)
                .isPresent();
        return neighbour ? shown.orElse(bucket) : bucket;
    }

    private static long bucket(long micros) {
        long bucket = FIRST_BUCKET_MICROS;
        while (bucket < micros) {
            bucket *= BUCKET_FACTOR;
        }
        return bucket;
    }
}
