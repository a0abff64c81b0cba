package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.proxy.upstream.PoolLimits;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Routing;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.UpstreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A routing, ready to be carried out. Rules are made ready when a request needs them first, by each loop for itself. */
public final class Plan {
    /** A router that makes rules anew each time does not fill the memory. */
    private static final int MAX_RULES = 100_000;

    /** The listeners of a port, by host. */
    public static final class Web {
        private final Port.Web source;
        private final HostTable<Listener> plain = new HostTable<>();
        private final HostTable<Listener> secured = new HostTable<>();
        private final HostTable<Listener> byServerName = new HostTable<>();
        private final boolean streams;

        Web(Port.Web source) {
            this.source = source;
            streams = source.listeners().stream()
                    .allMatch(listener -> listener.serving() instanceof Listener.Serving.Streams);
            for (Listener listener : source.listeners()) {
                boolean passes = listener.tls().isEmpty() && listener.serving() instanceof Listener.Serving.Streams;
                if (listener.tls().isPresent() || passes) {
                    byServerName.put(listener.host(), listener);
                }
                if (listener.tls().isPresent()) {
                    secured.put(listener.host(), listener);
                } else if (!passes) {
                    plain.put(listener.host(), listener);
                }
            }
        }

        /** Without TLS, by the host of the request. */
        public @Nullable Listener plain(String host) {
            return plain.find(host);
        }

        /** With TLS that ends here, by the host of the request. */
        @Nullable
        Listener secured(String host) {
            return secured.find(host);
        }

        /** With TLS, by the server name. */
        public @Nullable Listener byServerName(String name) {
            return byServerName.find(name);
        }

        /** Whether no HTTP is served here. */
        public boolean isStreams() {
            return streams;
        }

        public boolean hasTls() {
            return !byServerName.isEmpty();
        }
    }

    private final Routing source;
    private final Map<Integer, Web> webs = new HashMap<>();
    private final Map<UpstreamId, Cluster> clusters;
    private final StepMaker maker;
    private final List<Map<HttpRule, Rule>> rules = new ArrayList<>();

    private Plan(Routing source, @Nullable Plan before, Map<UpstreamId, Cluster> clusters, StepMaker maker, int loops) {
        this.source = source;
        this.clusters = clusters;
        this.maker = maker;
        for (int loop = 0; loop < loops; loop++) {
            rules.add(new IdentityHashMap<>());
        }
        source.ports().forEach((number, port) -> {
            if (port instanceof Port.Web web) {
                Web known = before == null ? null : before.webs.get(number);
                webs.put(number, known != null && known.source.equals(web) ? known : new Web(web));
            }
        });
    }

    /** @param before whose endpoints' state goes on; null at first */
    public static Plan of(Routing source, @Nullable Plan before, StepMaker maker, PoolLimits limits, int loops) {
        return new Plan(source, before, clusters(source, before, limits, loops), maker, loops);
    }

    @SuppressWarnings("ReferenceEquality") // upstreams of which none changed are handed in again
    private static Map<UpstreamId, Cluster> clusters(
            Routing source, @Nullable Plan before, PoolLimits limits, int loops) {
        if (before != null && before.source.upstreams() == source.upstreams()) {
            return before.clusters;
        }
        Map<UpstreamId, Cluster> clusters = new HashMap<>(source.upstreams().size() * 2);
        for (Map.Entry<UpstreamId, Upstream> entry : source.upstreams().entrySet()) {
            Cluster known = before == null ? null : before.clusters.get(entry.getKey());
            clusters.put(entry.getKey(), Cluster.of(entry.getValue(), known, limits, loops));
        }
        return clusters;
    }

    public Routing source() {
        return source;
    }

    public @Nullable Web web(int port) {
        return webs.get(port);
    }

    public @Nullable Cluster cluster(UpstreamId id) {
        return clusters.get(id);
    }

    public Map<UpstreamId, Cluster> clusters() {
        return clusters;
    }

    /** By the thread of that loop only. */
    Rule rule(int loop, HttpRule rule) {
        Map<HttpRule, Rule> ready = rules.get(loop);
        Rule known = ready.get(rule);
        if (known == null) {
            if (ready.size() >= MAX_RULES) {
                ready.clear();
            }
            known = make(rule);
            ready.put(rule, known);
        }
        return known;
    }

    private Rule make(HttpRule rule) {
        List<Step> steps = maker.steps(rule, rule.filters(), this);
        List<Rule.Share> shares = new ArrayList<>();
        long below = 0;
        for (Target.Backend backend : rule.target().backends()) {
            below += backend.weight();
            List<Step> own = maker.steps(rule, backend.filters(), this);
            shares.add(
                    switch (backend.destination()) {
                        case Target.Destination.To to -> {
                            Cluster cluster = clusters.get(to.upstream());
                            yield new Rule.Share(below, own, to.upstream(), cluster, key(cluster), 503);
                        }
                        case Target.Destination.Respond respond ->
                            new Rule.Share(below, own, null, null, null, respond.status());
                    });
        }
        return new Rule(rule, steps, shares, below);
    }

    private static @Nullable Template key(@Nullable Cluster cluster) {
        return cluster != null && cluster.source().balancing() instanceof Upstream.Balancing.Hash hash
                ? new Template(hash.key())
                : null;
    }
}
