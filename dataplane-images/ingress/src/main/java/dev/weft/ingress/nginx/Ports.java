package dev.weft.ingress.nginx;

import dev.weft.ingress.match.HostRoutes;
import dev.weft.ingress.match.HttpMatch;
import dev.weft.ingress.match.HttpRoute;
import dev.weft.ingress.match.PathMatch;
import dev.weft.ingress.match.Router;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HttpRouter;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Listener.Serving;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.TlsTermination;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The two ports of Ingresses. Both have the same routes; which certificate is shown goes by the server name, and each host
 * has but its own, so that nobody can have another's host answered with a certificate of theirs.
 */
final class Ports {
    private static final RuleName NO_RULE = new RuleName("", "", "", 0);

    /**
     * For a host that asks for certificates, where the connection was made to another: nobody gets around being asked
     * (RFC 9110, 15.5.20).
     */
    private static final HostRoutes MISDIRECTED = all(HttpRule.of(NO_RULE, Target.respond(421)));

    private final IngressCompiler.Settings settings;
    private final Certificate certificate;
    private final List<Server> servers;
    private final Map<HostPattern, HostRoutes> routes = new HashMap<>();

    /** @param certificate the default one */
    Ports(IngressCompiler.Settings settings, Certificate certificate, List<Server> servers) {
        this.settings = settings;
        this.certificate = certificate;
        this.servers = servers;
        servers.forEach(server -> routes.put(server.host(), server.routes()));
        // What is a host of its own is neither another's alias nor another's www.
        for (Server server : servers) {
            server.aliases().forEach(alias -> routes.putIfAbsent(alias, server.routes()));
        }
        for (Server server : servers) {
            server.www()
                    .ifPresent(from -> routes.putIfAbsent(from, to(server.host().name())));
        }
    }

    private static HostRoutes all(HttpRule rule) {
        return new HostRoutes(List.of(new HttpRoute(HttpMatch.of(PathMatch.ANY), rule)));
    }

    private static HostRoutes to(String host) {
        return all(Rules.redirect(new Filter.Redirect(
                Optional.empty(), Optional.of(host), Optional.empty(), Optional.empty(), 308, true)));
    }

    Map<Integer, Port> all() {
        HttpRouter everything = router(routes);
        return Map.of(
                settings.httpPort(),
                new Port.Web(
                        List.of(new Listener(
                                "ingress/http",
                                HostPattern.ANY,
                                Optional.empty(),
                                new Serving.Http(everything, false, true))),
                        80),
                settings.httpsPort(),
                new Port.Web(https(everything), 443));
    }

    private static HttpRouter router(Map<HostPattern, HostRoutes> hosts) {
        return new Router(hosts, Router.Miss.NOT_FOUND);
    }

    private List<Listener> https(HttpRouter everything) {
        HttpRouter open = open(everything);
        List<Listener> listeners = new ArrayList<>();
        listeners.add(listener(HostPattern.ANY, open, certificate, Optional.empty()));
        for (Server server : servers) {
            names(server).forEach(name -> https(listeners, server, name, open));
        }
        return listeners;
    }

    private void https(List<Listener> listeners, Server server, HostPattern name, HttpRouter open) {
        if (server.passthrough().isPresent()) {
            Listener.StreamRule rule = new Listener.StreamRule(
                    NO_RULE,
                    HostPattern.ANY,
                    Target.to(server.passthrough().get().id()));
            listeners.add(
                    new Listener("ingress/passthrough", name, Optional.empty(), new Serving.Streams(List.of(rule))));
        } else if (server.clients().isPresent()) {
            HttpRouter only = router(Map.of(name, server.routes(), HostPattern.ANY, MISDIRECTED));
            listeners.add(listener(name, only, server.certificate().orElse(certificate), server.clients()));
        } else if (server.certificate().isPresent()) {
            listeners.add(listener(name, open, server.certificate().get(), Optional.empty()));
        }
    }

    /** Those whose routes are this server's; the name that is redirected to it has its certificate too. */
    private List<HostPattern> names(Server server) {
        List<HostPattern> names = new ArrayList<>(1);
        if (server.host().kind() != HostPattern.Kind.ANY) {
            names.add(server.host());
        }
        for (HostPattern alias : server.aliases()) {
            if (routes.get(alias) == server.routes() && !names.contains(alias)) {
                names.add(alias);
            }
        }
        return names;
    }

    /** Without the hosts that ask for certificates. */
    private HttpRouter open(HttpRouter everything) {
        List<HostPattern> closed = servers.stream()
                .filter(server -> server.clients().isPresent())
                .flatMap(server -> names(server).stream())
                .toList();
        if (closed.isEmpty()) {
            return everything;
        }
        Map<HostPattern, HostRoutes> left = new HashMap<>(routes);
        closed.forEach(host -> left.put(host, MISDIRECTED));
        return router(left);
    }

    private static Listener listener(
            HostPattern host, HttpRouter router, Certificate shown, Optional<TlsTermination.ClientAuth> clients) {
        return new Listener(
                "ingress/https",
                host,
                Optional.of(new TlsTermination(List.of(shown), TlsTermination.Version.TLS_1_2, true, clients)),
                new Serving.Http(router, false, true));
    }
}
