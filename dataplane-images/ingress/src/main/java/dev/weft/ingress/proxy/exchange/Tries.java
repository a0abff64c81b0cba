package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.CallListener.Broken;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.route.Retry;
import org.jspecify.annotations.Nullable;

/** Whether a request is sent once more. */
final class Tries {
    /** Without a rule for it, endpoints that cannot be reached are passed over so often, as nginx does. */
    private static final int UNREACHED = 3;

    /** A pool may hold several connections that a backend closed at one time. */
    private static final int STALE = 3;

    private final Exchange exchange;
    private int count;
    private int retries;
    private int stale;
    private boolean pause;

    Tries(Exchange exchange) {
        this.exchange = exchange;
    }

    void begin() {
        count++;
    }

    int count() {
        return count;
    }

    /** It did not come to anybody, so it may be sent again whatever it is. */
    boolean afterUnreached(@Nullable Cluster cluster) {
        if (exchange.rule().retry() != null) {
            return byRule();
        }
        int others = cluster == null ? 0 : Math.min(cluster.endpoints().size(), UNREACHED);
        return count < others && again(false);
    }

    boolean afterStatus(int status) {
        Retry retry = exchange.rule().retry();
        return retry != null && retry.codes().contains(status) && isRepeatable() && byRule();
    }

    /** @param wasStale whether the connection was used before and ended without a byte of an answer */
    boolean afterBroken(Broken why, boolean wasStale) {
        if (!exchange.requestBody().isReplayable()) {
            return false;
        }
        if (why == Broken.REFUSED && stale < STALE) {
            stale++;
            return again(false);
        }
        if (!isRepeatable()) {
            return false;
        }
        if (wasStale && stale < STALE) {
            stale++;
            return again(false);
        }
        return why != Broken.MALFORMED && byRule();
    }

    private boolean isRepeatable() {
        Retry retry = exchange.rule().retry();
        return (exchange.request().isIdempotent() || (retry != null && retry.nonIdempotent()))
                && exchange.requestBody().isReplayable();
    }

    private boolean byRule() {
        Retry retry = exchange.rule().retry();
        if (retry == null || retries >= retry.attempts()) {
            return false;
        }
        retries++;
        return again(true);
    }

    private boolean again(boolean slowly) {
        pause = slowly;
        return true;
    }

    /** How long is waited before the next. */
    long pauseNanos() {
        Retry retry = exchange.rule().retry();
        return pause && retry != null ? retry.backoff().toNanos() : 0;
    }
}
