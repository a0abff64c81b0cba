package dev.weft.operator.agents;

import dev.weft.net.Ip;
import dev.weft.operator.observe.NodeInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks the agents, the DNS servers and the ingress proxies from time to time, on a thread of its own: every 30 s in quiet
 * times, every few seconds while a rollout waits for an answer. On a replica that does not lead nobody tells it whom to ask, so it asks nobody.
 */
public final class PollLoop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PollLoop.class);
    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final Duration URGENT = Duration.ofSeconds(2);
    private static final Duration URGENT_LARGE = Duration.ofSeconds(10);
    private static final int LARGE = 200;

    private final AgentPoller poller;
    private final ServerPoller dns;
    private final ServerPoller ingress;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("agents").daemon().factory());
    private volatile Target target = new Target(List.of(), false);
    private volatile Map<String, Ip> dnsServers = Map.of();
    private volatile Map<String, Ip> proxies = Map.of();
    private @Nullable ScheduledFuture<?> schedule;
    private Instant lastRound = Instant.EPOCH;

    private record Target(List<NodeInfo> nodes, boolean urgent) {}

    public PollLoop(AgentPoller poller, ServerPoller dns, ServerPoller ingress, Clock clock) {
        this.poller = poller;
        this.dns = dns;
        this.ingress = ingress;
        this.clock = clock;
    }

    /**
     * Whom to ask from now on.
     *
     * @param urgent whether something waits for the answers
     */
    public void follow(List<NodeInfo> nodes, boolean urgent) {
        target = new Target(nodes, urgent);
    }

    /** Which DNS servers and ingress proxies to ask, address by name of the pod, in the same rounds. */
    public void followServers(Map<String, Ip> dnsAddresses, Map<String, Ip> ingressAddresses) {
        dnsServers = Map.copyOf(dnsAddresses);
        proxies = Map.copyOf(ingressAddresses);
    }

    /** @param onChange called when a round showed something new */
    public void start(Runnable onChange) {
        schedule = thread.scheduleWithFixedDelay(() -> tick(onChange), 1, 1, TimeUnit.SECONDS);
    }

    private void tick(Runnable onChange) {
        Target now = target;
        Duration urgent = now.nodes().size() > LARGE ? URGENT_LARGE : URGENT;
        Duration interval = now.urgent() ? urgent : QUIET;
        if (now.nodes().isEmpty() || clock.instant().isBefore(lastRound.plus(interval))) {
            return;
        }
        try {
            boolean agents = poller.round(now.nodes(), now.urgent());
            boolean servers = dns.round(dnsServers);
            boolean ingresses = ingress.round(proxies);
            lastRound = clock.instant();
            if (agents || servers || ingresses) {
                onChange.run();
            }
        } catch (RuntimeException e) {
            // An exception that leaves a scheduled task ends its schedule for good.
            LOG.error("asking the agents failed; the next round tries again", e);
        }
    }

    @Override
    public void close() {
        if (schedule != null) {
            schedule.cancel(true);
        }
        thread.shutdownNow();
    }
}
