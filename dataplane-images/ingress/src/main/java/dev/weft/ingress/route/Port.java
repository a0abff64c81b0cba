package dev.weft.ingress.route;

import java.util.List;

/** What a port of the proxy does. */
public sealed interface Port {
    /**
     * HTTP, TLS or both on one port: whoever begins with a TLS handshake is led by its server name to the listener with TLS
     * whose host is the most specific, everybody else by the request's host to one without.
     *
     * @param external number of the port as clients see it, for {@code X-Forwarded-Port} and redirects; 0 if it is the one
     *     that the proxy listens on
     */
    record Web(List<Listener> listeners, int external) implements Port {
        public Web {
            listeners = List.copyOf(listeners);
        }

        /** Of the number that the proxy listens on. */
        public Web(List<Listener> listeners) {
            this(listeners, 0);
        }
    }

    /** Connections are passed on as they are. */
    record Tcp(Target target) implements Port {}

    /** Datagrams are passed on as they are; those of one client address and port go to one endpoint. */
    record Udp(Target target) implements Port {}
}
