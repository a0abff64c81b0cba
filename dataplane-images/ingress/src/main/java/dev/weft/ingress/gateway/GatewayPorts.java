package dev.weft.ingress.gateway;

import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.TlsTermination;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the proxy does at the ports of a Gateway. */
final class GatewayPorts {
    private GatewayPorts() {}

    /**
     * By the ports that the proxy listens on.
     *
     * @param service of the Gateway, which says which these are
     */
    static Map<Integer, Port> of(BoundGateway gateway, GatewayService service, Routers routers) {
        Map<Integer, Port> ports = new HashMap<>();
        Map<Integer, List<Listener>> web = new LinkedHashMap<>();
        Map<Integer, Integer> external = new HashMap<>();
        gateway.listeners().filter(BoundListener::isUsable).forEach(listener -> {
            Optional<Integer> target = service.target(listener.protocol.transport(), listener.spec.port());
            if (target.isEmpty()) {
                return;
            }
            switch (listener.protocol) {
                case UDP ->
                    oldest(listener).ifPresent(route -> ports.putIfAbsent(target.get(), new Port.Udp(route.target())));
                case TCP ->
                    oldest(listener).ifPresent(route -> ports.putIfAbsent(target.get(), new Port.Tcp(route.target())));
                case HTTP, HTTPS, TLS -> {
                    web.computeIfAbsent(target.get(), port -> new ArrayList<>()).add(listener(listener, routers));
                    external.put(target.get(), listener.spec.port());
                }
                case UNKNOWN -> {}
            }
        });
        web.forEach(
                (port, listeners) -> ports.putIfAbsent(port, new Port.Web(listeners, external.getOrDefault(port, 0))));
        return ports;
    }

    /** Of several the oldest has the port (TCPRoute). */
    private static Optional<Attached.Stream> oldest(BoundListener listener) {
        return listener.attached.streams().stream().findFirst();
    }

    private static Listener listener(BoundListener listener, Routers routers) {
        boolean http = listener.protocol != BoundListener.Protocol.TLS;
        return new Listener(
                listener.owner.key() + "/" + listener.spec.name(),
                Hosts.pattern(listener.spec.hostname()),
                listener.terminates()
                        ? Optional.of(new TlsTermination(
                                listener.certificates, TlsTermination.Version.TLS_1_2, http, listener.clients))
                        : Optional.empty(),
                http
                        ? new Listener.Serving.Http(
                                routers.of(listener), listener.protocol == BoundListener.Protocol.HTTPS)
                        : new Listener.Serving.Streams(streams(listener)));
    }

    /** A host that several routes have is the oldest's. */
    private static List<Listener.StreamRule> streams(BoundListener listener) {
        Map<HostPattern, Listener.StreamRule> rules = new LinkedHashMap<>();
        for (Attached.Stream route : listener.attached.streams()) {
            for (HostPattern host : route.hosts()) {
                rules.putIfAbsent(host, new Listener.StreamRule(route.name(), host, route.target()));
            }
        }
        return List.copyOf(rules.values());
    }
}
