package dev.weft.ingress.proxy;

import dev.weft.config.IngressConfig;
import dev.weft.config.IngressConfig.Limits;
import dev.weft.net.Cidr;
import java.time.Duration;
import java.util.List;

/**
 * How the proxy behaves whatever it serves. Fixed for its life, but for what {@link ProxyServer#settings(ProxySettings)}
 * changes.
 *
 * @param loops event loops, one a core
 * @param proxyProtocol whether connections begin with a PROXY protocol header (v1 or v2) if they come from one of
 *     {@code trusted}; one from elsewhere is served without
 * @param trusted whose {@code X-Forwarded-*} and {@code Forwarded} fields are believed
 * @param body between two reads of the body of a request, 408 above; and between two writes to a client that does not read
 * @param slowStart over how long an endpoint that joins others comes to its full share; zero for at once
 * @param poolSize connections without a request that are kept to one endpoint, by each loop
 * @param poolIdle how long they are kept
 */
public record ProxySettings(
        int loops,
        boolean proxyProtocol,
        List<Cidr> trusted,
        boolean accessLog,
        Limits limits,
        Duration body,
        Duration slowStart,
        int poolSize,
        Duration poolIdle) {
    public ProxySettings {
        trusted = List.copyOf(trusted);
        if (loops < 1) {
            throw new IllegalArgumentException("loops is " + loops + ", one is needed at least");
        }
        if (poolSize < 0) {
            throw new IllegalArgumentException("poolSize is negative: " + poolSize);
        }
    }

    /** As configured, with a loop for each processor that the JVM may use. */
    public static ProxySettings of(IngressConfig config) {
        return new ProxySettings(
                Runtime.getRuntime().availableProcessors(),
                config.proxyProtocol(),
                config.trustedProxies(),
                config.accessLog(),
                config.limits(),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                256,
                Duration.ofSeconds(60));
    }

    /** For one that needs no configuration. */
    public static ProxySettings standard(int loops) {
        return new ProxySettings(
                loops,
                false,
                List.of(),
                false,
                Limits.DEFAULT,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                256,
                Duration.ofSeconds(60));
    }
}
