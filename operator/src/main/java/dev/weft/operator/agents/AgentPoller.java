package dev.weft.operator.agents;

import dev.weft.config.NodeStatus;
import dev.weft.net.Ip;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.NodeInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Keeps the latest report of every agent. During a rollout every agent is asked in each round; in quiet times those that
 * were asked longest ago, so that a round costs the same in a cluster of 1000 nodes as in one of {@link #SAMPLE}.
 */
public final class AgentPoller {
    /** Agents asked in a quiet round. */
    static final int SAMPLE = 50;

    private static final int CONCURRENCY = 16;

    private final AgentClient client;
    private final Clock clock;
    private final Map<String, AgentReport> reports = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong silent = new AtomicLong();

    public AgentPoller(AgentClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Latest report by node name. */
    public Map<String, AgentReport> reports() {
        return Map.copyOf(reports);
    }

    /** Whether a kube-proxy answers on a node. */
    public boolean kubeProxyAnswers(Ip address) {
        return client.kubeProxyAnswers(address);
    }

    /** Requests since the start. */
    public long asked() {
        return asked.get();
    }

    /** Of these, the ones without a usable answer. */
    public long silent() {
        return silent.get();
    }

    /**
     * One round; returns when every answer or time-out is in.
     *
     * @param nodes those with a running agent; reports of others are forgotten
     * @param everyone whether to ask all of them
     * @return whether an agent is different from before in a way that matters
     */
    public boolean round(List<NodeInfo> nodes, boolean everyone) {
        Map<String, String> before = digest();
        reports.keySet().retainAll(nodes.stream().map(NodeInfo::name).collect(Collectors.toSet()));
        List<NodeInfo> turn = nodes.stream()
                .sorted(Comparator.comparing(this::askedAt))
                .limit(everyone ? nodes.size() : SAMPLE)
                .toList();
        Semaphore permits = new Semaphore(CONCURRENCY);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            turn.forEach(node -> threads.execute(() -> {
                permits.acquireUninterruptibly();
                try {
                    ask(node);
                } finally {
                    permits.release();
                }
            }));
        }
        return !before.equals(digest());
    }

    private Instant askedAt(NodeInfo node) {
        return Optional.ofNullable(reports.get(node.name()))
                .map(AgentReport::at)
                .orElse(Instant.EPOCH);
    }

    private void ask(NodeInfo node) {
        Optional<Ip> address = node.internalIps().stream().findFirst();
        asked.incrementAndGet();
        try {
            NodeStatus status =
                    client.status(address.orElseThrow(() -> new AgentSilentException("the node has no InternalIP")));
            keep(answered(node, status));
        } catch (AgentSilentException e) {
            silent.incrementAndGet();
            keep(silent(node, String.valueOf(e.getMessage())));
        }
    }

    private void keep(AgentReport report) {
        reports.put(report.node(), report);
    }

    private AgentReport answered(NodeInfo node, NodeStatus status) {
        Instant now = clock.instant();
        AgentReport.Answered report = new AgentReport.Answered(node.name(), now, now, status);
        return reports.get(node.name()) instanceof AgentReport.Answered before
                        && before.status().startedAt().equals(status.startedAt())
                        && before.rolesReady() == report.rolesReady()
                ? new AgentReport.Answered(node.name(), now, before.since(), status)
                : report;
    }

    private AgentReport silent(NodeInfo node, String why) {
        Instant now = clock.instant();
        Instant since = reports.get(node.name()) instanceof AgentReport.Silent before ? before.since() : now;
        return new AgentReport.Silent(node.name(), now, since, why);
    }

    /** What of each report may change a decision or a status; times, counts and latencies do not. */
    private Map<String, String> digest() {
        return reports.values().stream().collect(Collectors.toMap(AgentReport::node, AgentPoller::digest));
    }

    private static String digest(AgentReport report) {
        return switch (report) {
            case AgentReport.Silent s -> "silent " + s.since();
            case AgentReport.Answered a ->
                a.status().startedAt()
                        + a.status().revision()
                        + a.status().roles()
                        + a.status().repairs()
                        + a.status().kubeProxy()
                        + a.status().probes().stream()
                                .map(p -> p.node() + p.family() + p.ok())
                                .toList();
        };
    }
}
