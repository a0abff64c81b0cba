package dev.weft.operator;

import dev.weft.operator.agents.AgentPoller;
import dev.weft.operator.agents.HttpAgentClient;
import dev.weft.operator.agents.PollLoop;
import dev.weft.operator.agents.ServerPoller;
import dev.weft.operator.plan.Release;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the parts that need something from outside. */
final class Wiring {
    /**
     * The lease is renewed every 10 s: six small writes a minute, the only ones of a quiet cluster. When the leader dies
     * without a word the other takes over after at most 45 s; agents need no operator meanwhile.
     */
    private static final Duration LEASE = Duration.ofSeconds(35);

    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(25);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(10);

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Release release(
            @ConfigProperty(name = "weft.version", defaultValue = "${quarkus.application.version}") String version,
            @ConfigProperty(name = "weft.registry", defaultValue = "weft.dev") String registry) {
        return new Release(version, registry);
    }

    @Produces
    @Singleton
    HttpAgentClient http() {
        return new HttpAgentClient();
    }

    void stop(@Disposes HttpAgentClient http) {
        http.close();
    }

    /** What servers say, by what they are. */
    record ServerPollers(ServerPoller dns, ServerPoller ingress) {}

    @Produces
    @Singleton
    ServerPollers servers(HttpAgentClient http, Clock clock) {
        return new ServerPollers(
                ServerPoller.ofDns(http::dnsStatus, clock), ServerPoller.ofIngress(http::ingressStatus, clock));
    }

    @Produces
    @Singleton
    AgentPoller poller(HttpAgentClient http, Clock clock, MeterRegistry metrics) {
        AgentPoller poller = new AgentPoller(http, clock);
        FunctionCounter.builder("weft.agents.asked", poller, AgentPoller::asked)
                .description("Requests to node agents")
                .register(metrics);
        FunctionCounter.builder("weft.agents.silent", poller, AgentPoller::silent)
                .description("Requests to node agents without a usable answer")
                .register(metrics);
        return poller;
    }

    @Produces
    @Singleton
    PollLoop loop(AgentPoller poller, ServerPollers servers, Clock clock) {
        return new PollLoop(poller, servers.dns(), servers.ingress(), clock);
    }

    void stop(@Disposes PollLoop loop) {
        loop.close();
    }

    @Produces
    @Singleton
    Engine engine(
            KubernetesClient client,
            Release release,
            AgentPoller poller,
            ServerPollers servers,
            PollLoop loop,
            Clock clock,
            MeterRegistry metrics) {
        Engine engine = new Engine(client, release, poller, servers.dns(), servers.ingress(), loop, clock);
        Gauge.builder("weft.rollout.nodes.done", engine, e -> e.rollout().nodesDone())
                .description("Nodes that run the wanted revision")
                .register(metrics);
        Gauge.builder("weft.rollout.nodes", engine, e -> e.rollout().nodesTotal())
                .description("Nodes that should run an agent")
                .register(metrics);
        Gauge.builder("weft.rollout.stopped", engine, e -> e.rollout().stopped() ? 1 : 0)
                .description("1 while a rollout is stopped at a node that failed")
                .register(metrics);
        Gauge.builder(
                        "weft.connectivity.pairs.failing",
                        engine,
                        e -> e.rollout().failingPairs())
                .description("Probed pairs of nodes that do not answer")
                .register(metrics);
        Gauge.builder("weft.ingress.proxies", engine, e -> e.rollout().proxies())
                .description("Ingress proxies that there should be")
                .register(metrics);
        Gauge.builder("weft.ingress.proxies.ready", engine, e -> e.rollout().proxiesReady())
                .description("Ingress proxies that are ready")
                .register(metrics);
        return engine;
    }

    @Produces
    @Singleton
    LeaderElectionConfiguration leaderElection(LostLease lost) {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("weft-operator")
                .withLeaseNamespace(Names.NAMESPACE)
                .withLeaseDuration(LEASE)
                .withRenewDeadline(RENEW_DEADLINE)
                .withRetryPeriod(RETRY_PERIOD)
                .withLeaderCallbacks(lost.callbacks())
                .build();
    }
}
