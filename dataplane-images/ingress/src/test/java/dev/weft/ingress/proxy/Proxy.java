package dev.weft.ingress.proxy;

import dev.weft.agent.Metrics;
import dev.weft.config.IngressConfig.Limits;
import dev.weft.ingress.route.BodyLimits;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Routing;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.Timeouts;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.UpstreamId;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.testkit.FreePort;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy for tests, on a port of its own, and the parts that routings are made of. */
public final class Proxy implements AutoCloseable {
    static final Limits LIMITS = new Limits(4096, 1, 5, 100, 1000);
    static final RuleName NAME = new RuleName("HTTPRoute", "ns", "web", 0);

    final ProxyServer server;
    final Metrics metrics = new Metrics();
    final List<String> log = new CopyOnWriteArrayList<>();
    public final int port = FreePort.next();
    private final Map<UpstreamId, Upstream> upstreams = new HashMap<>();

    Proxy() {
        this(settings());
    }

    public Proxy(ProxySettings settings) {
        server = new ProxyServer(settings, metrics, log::add);
        server.start();
    }

    static ProxySettings settings() {
        return settings(false, List.of());
    }

    public static ProxySettings settings(boolean proxyProtocol, List<Cidr> trusted) {
        return new ProxySettings(
                2,
                proxyProtocol,
                trusted,
                true,
                LIMITS,
                Duration.ofSeconds(1),
                Duration.ZERO,
                16,
                Duration.ofSeconds(30));
    }

    public static UpstreamId id(String name) {
        return new UpstreamId("ns", name, 80, "");
    }

    public static Upstream upstream(String name, Integer... ports) {
        return new Upstream(
                id(name),
                Arrays.stream(ports)
                        .map(port -> new Upstream.Endpoint(Ip.parse("127.0.0.1"), port))
                        .toList(),
                Upstream.Protocol.HTTP1,
                Optional.empty(),
                new Upstream.Balancing.RoundRobin());
    }

    public Proxy with(Upstream upstream) {
        upstreams.put(upstream.id(), upstream);
        return this;
    }

    public static HttpRule rule(Target target, Filter... filters) {
        return new HttpRule(
                NAME,
                "/",
                List.of(filters),
                target,
                Timeouts.DEFAULT,
                BodyLimits.NONE,
                Optional.empty(),
                Optional.empty());
    }

    static HttpRule timed(HttpRule rule, Timeouts timeouts) {
        return new HttpRule(
                rule.name(),
                rule.matchedPrefix(),
                rule.filters(),
                rule.target(),
                timeouts,
                rule.body(),
                rule.retry(),
                rule.affinity());
    }

    /** Serves one rule for everything, on the port without TLS. */
    Proxy serve(HttpRule rule) {
        Listener listener = new Listener(
                "http", HostPattern.ANY, Optional.empty(), new Listener.Serving.Http(request -> rule, false));
        return serve(new Port.Web(List.of(listener)));
    }

    public Proxy serve(Port what) {
        List<Problem> problems = server.swap(new Routing(Map.of(port, what), upstreams));
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems.toString());
        }
        return this;
    }

    /** Serves all from one backend. */
    Proxy serve(Backend backend) {
        return with(upstream("web", backend.port())).serve(rule(Target.to(id("web"))));
    }

    Client client() throws IOException {
        return new Client(port);
    }

    @Override
    public void close() {
        server.close();
    }
}
