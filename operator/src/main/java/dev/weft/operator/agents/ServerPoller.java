package dev.weft.operator.agents;

import dev.weft.config.DnsStatus;
import dev.weft.net.Ip;
import dev.weft.operator.observe.DnsTrouble;
import dev.weft.operator.observe.DnsTrouble.Kind;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Keeps what DNS servers say is not well. Figures, such as how many names there are, are for metrics; they are not kept, so
 * they change no status.
 */
public final class DnsPoller {
    private static final int CONCURRENCY = 16;
    private static final Comparator<DnsTrouble> ORDER = Comparator.comparing(DnsTrouble::pod)
            .thenComparing(DnsTrouble::kind)
            .thenComparing(DnsTrouble::domain)
            .thenComparing(DnsTrouble::server);

    private final DnsServerClient client;
    private final Clock clock;
    private volatile List<DnsTrouble> troubles = List.of();

    public DnsPoller(DnsServerClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** The latest, sorted. */
    public List<DnsTrouble> troubles() {
        return troubles;
    }

    /**
     * One round; returns when all answers or time-outs are in.
     *
     * @param servers ready ones, address by name of the pod; what others said is forgotten
     * @return whether anything is, or was, not well: how long that lasts matters, so each round is news then
     */
    public boolean round(Map<String, Ip> servers) {
        List<DnsTrouble> before = troubles;
        // With node-local placement there are as many as nodes.
        Semaphore permits = new Semaphore(CONCURRENCY);
        Queue<DnsTrouble> said = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            servers.forEach((pod, address) -> threads.execute(() -> {
                permits.acquireUninterruptibly();
                try {
                    said.addAll(ask(pod, address));
                } finally {
                    permits.release();
                }
            }));
        }
        List<DnsTrouble> now = said.stream()
                .map(t -> before.stream()
                        .filter(t::sameAs)
                        .findFirst()
                        .map(t::asOld)
                        .orElse(t))
                .sorted(ORDER)
                .toList();
        troubles = now;
        return !before.isEmpty() || !now.isEmpty();
    }

    private List<DnsTrouble> ask(String pod, Ip address) {
        Instant now = clock.instant();
        try {
            return read(pod, now, client.dnsStatus(address));
        } catch (AgentSilentException e) {
            return List.of(new DnsTrouble(pod, Kind.SILENT, "", "", now, String.valueOf(e.getMessage())));
        }
    }

    private static List<DnsTrouble> read(String pod, Instant now, DnsStatus status) {
        List<DnsTrouble> troubles = new ArrayList<>();
        if (!status.config().taken()) {
            troubles.add(new DnsTrouble(
                    pod, Kind.CONFIG_REFUSED, "", "", now, status.config().message()));
        }
        for (DnsStatus.Upstream upstream : status.upstreams()) {
            if (upstream.looping()) {
                troubles.add(new DnsTrouble(pod, Kind.LOOP, upstream.domain(), upstream.server(), now, ""));
            } else if (!upstream.up()) {
                troubles.add(new DnsTrouble(
                        pod, Kind.UPSTREAM_DOWN, upstream.domain(), upstream.server(), now, upstream.lastError()));
            }
        }
        return troubles;
    }
}
