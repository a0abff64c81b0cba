package dev.weft.ingress.route;

import java.time.Duration;
import java.util.Optional;

/**
 * A cookie that leads a client back to the endpoint that it had.
 *
 * @param maxAge a cookie of the session if empty
 * @param path {@code /} if empty
 * @param secure whether it is sent over TLS alone; what is set over TLS is if empty
 * @param absolute how long the cookie is heeded after it was set, whatever the client does; any time if empty
 */
public record Affinity(
        String cookie,
        Optional<Duration> maxAge,
        Optional<Duration> absolute,
        String path,
        Optional<String> domain,
        Optional<Boolean> secure,
        Optional<String> sameSite) {}
