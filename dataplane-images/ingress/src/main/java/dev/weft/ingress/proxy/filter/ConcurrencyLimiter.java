package dev.weft.ingress.proxy.filter;

import dev.weft.net.Ip;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the open requests of each client address. */
final class ConcurrencyLimiter {
    private final int most;
    private final Map<Ip, Integer> open = new ConcurrentHashMap<>();
    private volatile long lastUsed = System.nanoTime();

    ConcurrencyLimiter(int most) {
        this.most = most;
    }

    /** Whether one more is allowed; if so {@link #end} follows. */
    boolean begin(Ip client) {
        lastUsed = System.nanoTime();
        boolean[] allowed = new boolean[1];
        open.compute(Clients.key(client), (key, before) -> {
            int now = before == null ? 0 : before;
            allowed[0] = now < most;
            return allowed[0] ? Integer.valueOf(now + 1) : before;
        });
        return allowed[0];
    }

    void end(Ip client) {
        open.compute(Clients.key(client), (key, before) -> before == null || before <= 1 ? null : before - 1);
    }

    boolean isIdle() {
        return open.isEmpty();
    }

    long lastUsed() {
        return lastUsed;
    }
}
