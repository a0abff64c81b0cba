package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.route.HttpRouter;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.TlsTermination;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import org.jspecify.annotations.Nullable;

/**
 * The listener that a request is led to, or why it is led to none.
 *
 * @param asNginx as in {@link Listener.Serving.Http}
 * @param refusal status; 0 if it may come in
 */
record Entrance(String listener, HttpRouter router, boolean asNginx, int refusal, String reason) {
    /** There is nobody on this port for it. */
    static final Entrance NONE = refused(404, "no listener for this host");

    private static Entrance refused(int status, String reason) {
        return new Entrance("", request -> HttpRule.NOT_FOUND, false, status, reason);
    }

    static Entrance of(Plan.Web web, Peer peer, String host) {
        Peer.Secured secured = peer.secured();
        if (secured == null) {
            return to(web.plain(host));
        }
        Listener byName = web.byServerName(secured.serverName());
        if (byName == null || byName.tls().isEmpty()) {
            return NONE;
        }
        TlsTermination tls = byName.tls().get();
        // What the handshake asked for is not what is asked for now: a new connection is needed.
        boolean stale = !tls.clients().equals(secured.asked());
        boolean misdirected = byName.serving() instanceof Listener.Serving.Http http
                && http.misdirected()
                && !byName.equals(web.secured(host));
        if (stale || misdirected) {
            return refused(421, "host belongs to another listener than the connection's server name");
        }
        boolean lacksCertificate = secured.subject().isEmpty()
                && tls.clients()
                        .filter(wanted -> wanted.mode() == ClientAuth.Mode.REQUIRED)
                        .isPresent();
        return lacksCertificate ? refused(400, "client has shown no certificate") : to(byName);
    }

    private static Entrance to(@Nullable Listener listener) {
        return listener != null && listener.serving() instanceof Listener.Serving.Http http
                ? new Entrance(listener.name(), http.router(), http.asNginx(), 0, "")
                : NONE;
    }
}
