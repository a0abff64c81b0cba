package dev.weft.node;

import dev.weft.agent.Backoff;
import dev.weft.agent.Check;
import dev.weft.agent.Health;
import dev.weft.agent.HealthServer;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.agent.Shutdown;
import dev.weft.agent.SyncLoop;
import dev.weft.agent.SyncTiming;
import dev.weft.config.ConfigJson;
import dev.weft.config.NodeStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code weft-node cleanup}: cleans the node, again until nothing fails, and then answers {@code /readyz} with 200 until
 * it is stopped, so that whoever waits for it knows.
 */
final class CleanupCommand {
    private static final Log LOG = Log.of("cleanup");
    private static final Duration STOP = Duration.ofSeconds(10);

    private final NodeIdentity identity;
    private final String version;
    private final Instant startedAt = Instant.now();
    private final Shutdown shutdown = new Shutdown(STOP);
    private volatile Optional<List<String>> failures = Optional.empty();

    private CleanupCommand(NodePaths paths, NodeIdentity identity, String version, InetSocketAddress http)
            throws IOException {
        this.identity = identity;
        this.version = version;
        Cleanup cleanup = new Cleanup(paths);
        Health health = new Health().ready("cleanup", this::readiness);
        shutdown.add("http", new HealthServer(http, health, new Metrics(), this::statusJson));
        // Whether it stays clean is not this pod's business: an agent may come back at any time.
        SyncLoop loop = shutdown.add(
                "cleanup",
                new SyncLoop(
                        "cleanup",
                        new SyncTiming(
                                Duration.ofSeconds(1),
                                Duration.ofDays(3650),
                                new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10))),
                        request -> clean(cleanup)));
        loop.start();
    }

    static CleanupCommand start(NodePaths paths, NodeIdentity identity, String version, InetSocketAddress http)
            throws IOException {
        CleanupCommand command = new CleanupCommand(paths, identity, version, http);
        command.shutdown.install();
        return command;
    }

    void await() throws InterruptedException {
        shutdown.await();
    }

    private void clean(Cleanup cleanup) throws CleanupException {
        List<String> now = cleanup.run();
        failures = Optional.of(now);
        if (!now.isEmpty()) {
            throw new CleanupException(String.join("; ", now));
        }
        LOG.info("the node is clean");
    }

    Check readiness() {
        return failures.map(now -> now.isEmpty() ? Check.good() : Check.bad(String.join("; ", now)))
                .orElse(Check.bad("not done yet"));
    }

    private String statusJson() {
        Check check = readiness();
        return ConfigJson.write(new NodeStatus(
                identity.node(),
                version,
                "cleanup",
                startedAt,
                List.of(new NodeStatus.Role("cleanup", check.ok(), check.message())),
                0,
                0,
                0,
                List.of(),
                List.of(),
                List.of()));
    }
}
