package dev.weft.ingress.route;

import java.util.List;

/** What a port of the proxy does. */
public sealed interface Port {
    /**
     * HTTP, TLS or both on one port: whoever begins with a TLS handshake is led by its server name to the listener with TLS
     * whose host is the most specific, everybody else by the request's host to one without.
     */
    record Web(List<Listener> listeners) implements Port {
        public Web {
            listeners = List.copyOf(listeners);
        }
    }

    /** Connections are passed on as they are. */
    record Tcp(Target target) implements Port {}

    /** Datagrams are passed on as they are; those of one client address and port go to one endpoint. */
    record Udp(Target target) implements Port {}
}
