package dev.weft.ingress.proxy.tls;

import dev.weft.ingress.proxy.Problem;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Routing;
import dev.weft.ingress.route.TlsTermination;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** All terminations of a routing. Those that are the same as before are kept, with their sessions. */
public final class Terminations {
    private volatile Map<TlsTermination, Termination> known = Map.of();

    // Of who swaps.
    private Map<Integer, Port> prepared = Map.of();
    private List<Problem> problems = List.of();
    private boolean retained = true;

    /** Makes ready what a routing needs; what is not needed any more is forgotten with {@link #retain}. */
    public List<Problem> prepare(Routing routing) {
        if (routing.ports().equals(prepared)) {
            return problems;
        }
        Map<TlsTermination, Termination> next = new ConcurrentHashMap<>(known);
        List<Problem> found = new ArrayList<>();
        routing.ports().forEach((number, port) -> {
            if (port instanceof Port.Web web) {
                for (Listener listener : web.listeners()) {
                    listener.tls().ifPresent(tls -> {
                        Termination ready = next.computeIfAbsent(tls, Termination::new);
                        ready.problems().forEach(reason -> found.add(new Problem(number, listener.name(), reason)));
                    });
                }
            }
        });
        known = next;
        prepared = routing.ports();
        problems = List.copyOf(found);
        retained = false;
        return problems;
    }

    public void retain(Routing routing) {
        if (retained) {
            return;
        }
        Map<TlsTermination, Termination> kept = new HashMap<>();
        routing.ports().values().forEach(port -> {
            if (port instanceof Port.Web web) {
                for (Listener listener : web.listeners()) {
                    listener.tls().ifPresent(tls -> {
                        Termination ready = known.get(tls);
                        if (ready != null) {
                            kept.put(tls, ready);
                        }
                    });
                }
            }
        });
        known = new ConcurrentHashMap<>(kept);
        retained = true;
    }

    public @Nullable Termination of(TlsTermination source) {
        return known.get(source);
    }

    /** What a finished handshake tells. */
    public static Peer.Secured secured(SslHandler handler, String serverName, Termination termination) {
        SSLEngine engine = handler.engine();
        return new Peer.Secured(
                serverName,
                engine.getSession().getProtocol(),
                engine.getSession().getCipherSuite(),
                termination.clients().isPresent() ? ClientCertificates.subject(engine) : "",
                termination.clients(),
                termination
                        .clients()
                        .map(wanted -> ClientCertificates.told(engine, wanted))
                        .orElse(null));
    }
}
