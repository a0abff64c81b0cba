package dev.weft.ingress.proxy;

import dev.weft.agent.Metrics;
import dev.weft.ingress.route.Routing;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The proxy. {@link #start} it, {@link #swap} what it serves as often as wanted, {@link #drain} it, {@link #close} it. Its
 * methods may be called by any thread, and block.
 */
public final class ProxyServer implements AutoCloseable {
    private final ProxySettings settings;

    /** @param accessLog takes lines, each a JSON object without a line feed; called by a thread of the proxy's own */
    public ProxyServer(ProxySettings settings, Metrics metrics, Consumer<String> accessLog) {
        this.settings = settings;
    }

    /** Starts the event loops; nothing is served before the first {@link #swap}. */
    public void start() {}

    /**
     * Serves this from now on: opens ports that are new, closes those that are gone. Requests, connections and WebSockets
     * that are under way end as they began. Connections to backends are kept where the endpoint is still there.
     *
     * @return what could not be done, such as a port that somebody else has; empty if all is well. A port that could not be
     *     opened is tried again with the next call
     */
    public List<Problem> swap(Routing routing) {
        return List.of();
    }

    /** Takes over new settings without losing a connection: all but {@code loops}. */
    public void settings(ProxySettings changed) {}

    /** The ports that are open now. */
    public Set<Integer> ports() {
        return Set.of();
    }

    /**
     * Takes no new connections, tells clients to go (GOAWAY, {@code Connection: close}) and waits for requests and
     * connections to end. Whoever calls this has already told the load balancer.
     *
     * @param patience after which what is left is cut
     * @return whether all ended by themselves
     */
    public boolean drain(Duration patience) {
        return true;
    }

    /** Cuts all connections and ends the loops. */
    @Override
    public void close() {}
}
