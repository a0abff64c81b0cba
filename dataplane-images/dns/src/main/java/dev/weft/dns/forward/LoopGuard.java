package dev.weft.dns.forward;

import dev.weft.agent.Log;
import dev.weft.dns.wire.DnsName;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Finds upstream servers that ask us in turn: each is asked for a name of its own that nobody else knows. If that
 * question comes here, the server is not asked any more until a later question does not come back.
 */
final class LoopGuard implements AutoCloseable {
    private static final Log LOG = Log.of("forward");
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final int HINFO = 13;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<DnsName, UpstreamServer> names = new ConcurrentHashMap<>();
    private final Map<DnsName, Boolean> seen = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    LoopGuard(List<UpstreamServer> servers) {
        for (UpstreamServer server : servers) {
            names.put(DnsName.parse(label() + "." + label()), server);
        }
    }

    private static String label() {
        byte[] bytes = new byte[10];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    void start() {
        if (!names.isEmpty()) {
            Thread.ofVirtual().name("dns-loop-guard").start(this::run);
        }
    }

    /** Whether the question is one of ours that came back. */
    boolean isOurs(DnsName name) {
        UpstreamServer server = names.get(name);
        if (server == null) {
            return false;
        }
        seen.put(name, true);
        if (!server.isLooping()) {
            server.looping(true);
            LOG.error("an upstream server asks this server in turn; it is not asked any more", "server", server);
        }
        return true;
    }

    private void run() {
        try {
            do {
                names.forEach(this::probe);
            } while (!closed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void probe(DnsName name, UpstreamServer server) {
        seen.remove(name);
        try {
            server.ask(name, HINFO, false, 0);
        } catch (IOException e) {
            LOG.debug("no answer to the loop probe", "server", server, "error", e.toString());
        }
        if (server.isLooping() && !seen.containsKey(name)) {
            server.looping(false);
            LOG.info("an upstream server does not loop any more", "server", server);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
