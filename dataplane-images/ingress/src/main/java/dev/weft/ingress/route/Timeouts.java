package dev.weft.ingress.route;

import java.time.Duration;

/**
 * How long is waited. {@link Duration#ZERO} is for ever.
 *
 * @param request from the first byte of a request to the last of its answer
 * @param backend from a request that is sent to a backend to the last byte of its answer; each try has its own
 * @param connect to a backend
 * @param read between two reads from a backend
 * @param send between two writes to a backend
 */
public record Timeouts(Duration request, Duration backend, Duration connect, Duration read, Duration send) {
    /** As ingress-nginx has it: 5 s to connect, 60 s between reads and writes. */
    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60));
}
