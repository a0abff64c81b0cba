package dev.weft.ingress.route;

import java.time.Duration;
import java.util.Set;

/**
 * When a request is sent again: after a connection that could not be made always, after one that broke or an answer among
 * {@code codes} if the body has not begun to be passed on.
 *
 * @param attempts after the first
 * @param backoff at least so long between two
 * @param nonIdempotent whether requests whose method is not idempotent (RFC 9110, 9.2.2) are sent again too once they may
 *     have been carried out
 */
public record Retry(int attempts, Set<Integer> codes, Duration backoff, boolean nonIdempotent) {
    public Retry {
        codes = Set.copyOf(codes);
    }

    public Retry(int attempts, Set<Integer> codes, Duration backoff) {
        this(attempts, codes, backoff, false);
    }
}
