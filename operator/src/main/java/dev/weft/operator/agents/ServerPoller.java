package dev.weft.operator.agents;

import dev.weft.config.DnsStatus;
import dev.weft.config.IngressStatus;
import dev.weft.net.Ip;
import dev.weft.operator.observe.ServerTrouble;
import dev.weft.operator.observe.ServerTrouble.Kind;
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
 * Keeps what DNS servers, or ingress proxies, say is not well. Figures, such as how many names there are, are for metrics;
 * they are not kept, so they change no status.
 */
public final class ServerPoller {
    private static final int CONCURRENCY = 16;
    private static final Comparator<ServerTrouble> ORDER = Comparator.comparing(ServerTrouble::pod)
            .thenComparing(ServerTrouble::kind)
            .thenComparing(ServerTrouble::subject)
            .thenComparing(ServerTrouble::server);

    private final Question question;
    private final Clock clock;
    private volatile List<ServerTrouble> troubles = List.of();

    /** What one server says is not well. */
    @FunctionalInterface
    private interface Question {
        List<ServerTrouble> ask(String pod, Ip address, Instant now) throws AgentSilentException;
    }

    private ServerPoller(Question question, Clock clock) {
        this.question = question;
        this.clock = clock;
    }

    /** Of DNS servers. */
    public static ServerPoller ofDns(ServerClient<DnsStatus> client, Clock clock) {
        return new ServerPoller((pod, address, now) -> read(pod, now, client.status(address)), clock);
    }

    /** Of ingress proxies. */
    public static ServerPoller ofIngress(ServerClient<IngressStatus> client, Clock clock) {
        return new ServerPoller((pod, address, now) -> read(pod, now, client.status(address)), clock);
    }

    /** The latest, sorted. */
    public List<ServerTrouble> troubles() {
        return troubles;
    }

    /**
     * One round; returns when all answers or time-outs are in.
     *
     * @param servers ready ones, address by name of the pod; what others said is forgotten
     * @return whether anything is, or was, not well: how long that lasts matters, so each round is news then
     */
    public boolean round(Map<String, Ip> servers) {
        List<ServerTrouble> before = troubles;
        // With node-local placement there are as many as nodes.
        Semaphore permits = new Semaphore(CONCURRENCY);
        Queue<ServerTrouble> said = new ConcurrentLinkedQueue<>();
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
        List<ServerTrouble> now = said.stream()
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

    private List<ServerTrouble> ask(String pod, Ip address) {
        Instant now = clock.instant();
        try {
            return question.ask(pod, address, now);
        } catch (AgentSilentException e) {
            return List.of(new ServerTrouble(pod, Kind.SILENT, "", "", now, String.valueOf(e.getMessage())));
        }
    }

    private static List<ServerTrouble> read(String pod, Instant now, DnsStatus status) {
        List<ServerTrouble> troubles = new ArrayList<>();
        if (!status.config().taken()) {
            troubles.add(refused(pod, now, status.config().message()));
        }
        for (DnsStatus.Upstream upstream : status.upstreams()) {
            if (upstream.looping()) {
                troubles.add(new ServerTrouble(pod, Kind.LOOP, upstream.domain(), upstream.server(), now, ""));
            } else if (!upstream.up()) {
                troubles.add(new ServerTrouble(
                        pod, Kind.UPSTREAM_DOWN, upstream.domain(), upstream.server(), now, upstream.lastError()));
            }
        }
        return troubles;
    }

    private static List<ServerTrouble> read(String pod, Instant now, IngressStatus status) {
        List<ServerTrouble> troubles = new ArrayList<>();
        if (!status.config().taken()) {
            troubles.add(refused(pod, now, status.config().message()));
        }
        for (IngressStatus.Unsupported unsupported : status.unsupported()) {
            troubles.add(new ServerTrouble(
                    pod,
                    Kind.UNSUPPORTED,
                    unsupported.what(),
                    "",
                    now,
                    unsupported.ingresses() + (unsupported.ingresses() == 1 ? " Ingress" : " Ingresses")
                            + ", for example " + unsupported.example()));
        }
        return troubles;
    }

    private static ServerTrouble refused(String pod, Instant now, String why) {
        return new ServerTrouble(pod, Kind.CONFIG_REFUSED, "", "", now, why);
    }
}
