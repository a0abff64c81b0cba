package dev.weft.e2e.bench;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What each of the proxies serves in a benchmark: hosts that lead to servers of one address. Each host has a Service of its
 * own, or what is one for a peer, as in most clusters.
 *
 * @param count of the routes that are alike; there are four more
 */
record IngressRoutes(int count) {
    /** Where all servers behind the proxies are; not on 127.0.0.0/8, which is no endpoint of a Service. */
    static final String BACKEND = "192.0.2.10";

    /** Answers {@code /} with 64 bytes and {@code /1m} with a megabyte. */
    static final int PLAIN = 9000;

    /** Sends messages of WebSockets back. */
    static final int ECHO = 9001;

    /** Answers with its name. */
    static final int BLUE = 9002;

    /** Answers with its name. */
    static final int GREEN = 9003;

    /** The one host that is served with TLS. */
    static final Route TLS = new Route("tls", PLAIN);

    /** The one that has WebSockets. */
    static final Route SOCKET = new Route("socket", ECHO);

    IngressRoutes {
        if (count < 1) {
            throw new IllegalArgumentException("a proxy needs a route, there are " + count);
        }
    }

    /** @param port of {@link #BACKEND} */
    record Route(String name, int port) {
        String host() {
            return name + ".bench.example";
        }
    }

    /** The one that is measured. */
    static Route plain() {
        return new Route("r0", PLAIN);
    }

    /** The one that leads to blue and green in turns. */
    static Route changed(int port) {
        return new Route("changed", port);
    }

    /** All but {@link #TLS} and the changed one. */
    List<Route> alike() {
        return IntStream.rangeClosed(0, count)
                .mapToObj(i -> i == count ? SOCKET : new Route("r" + i, PLAIN))
                .toList();
    }
}
