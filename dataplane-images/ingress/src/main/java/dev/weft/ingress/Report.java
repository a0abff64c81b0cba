package dev.weft.ingress;

import dev.weft.agent.Check;
import dev.weft.agent.Gauge;
import dev.weft.agent.Labelled;
import dev.weft.agent.Metrics;
import dev.weft.config.IngressStatus;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.gateway.GatewayKinds;
import dev.weft.ingress.nginx.IngressCompiler;
import dev.weft.kube.EventNote;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the process tells of what it serves: for the operator, and as metrics. */
final class Report {
    private static final Set<String> UNSUPPORTED =
            Set.of("UnsupportedAnnotation", "RefusedAnnotation", "UnknownAnnotation", "ResourceBackend");

    private record Counts(int ingresses, int routes, List<IngressStatus.Unsupported> unsupported, int kinds) {}

    private volatile Counts counts = new Counts(0, 0, List.of(), 0);
    private Map<String, Instant> certificates = Map.of();
    private Part taken = Part.EMPTY;

    @SuppressWarnings("NullAway.Init") // by register(), before anything is taken
    private Labelled<Gauge> expiry;

    void register(Metrics metrics, BooleanSupplier configTaken) {
        metrics.gauge("weft_ingress_ingresses", "Ingresses that are served.", () -> counts.ingresses());
        metrics.gauge("weft_ingress_routes", "Routes of Gateway API in the cluster.", () -> counts.routes());
        metrics.gauge(
                "weft_ingress_unsupported",
                "Annotations and fields of Ingresses that are there and not supported.",
                () -> counts.kinds());
        metrics.gauge(
                "weft_ingress_config_taken",
                "Whether the latest configuration is in force.",
                () -> configTaken.getAsBoolean() ? 1 : 0);
        expiry = metrics.gauges(
                "weft_ingress_certificate_expiry_timestamp_seconds",
                "When the certificate in a Secret ends.",
                "secret");
    }

    /** @param ends when certificates end, by Secret; asked for only if that may have changed */
    @SuppressWarnings("ReferenceEquality") // a part of which nothing changed is the same instance
    void take(Cluster cluster, List<Part> parts, Supplier<Map<String, Instant>> ends) {
        Part ingresses = Compiling.ofIngresses(parts).orElse(Part.EMPTY);
        int served = (int) ingresses.statuses().stream()
                .filter(IngressCompiler.Served.class::isInstance)
                .count();
        int routes = cluster.all(GatewayKinds.HTTP_ROUTES).size()
                + cluster.all(GatewayKinds.GRPC_ROUTES).size()
                + cluster.all(GatewayKinds.TLS_ROUTES).size()
                + cluster.all(GatewayKinds.TCP_ROUTES).size()
                + cluster.all(GatewayKinds.UDP_ROUTES).size();
        if (ingresses == taken && routes == counts.routes()) {
            return;
        }
        taken = ingresses;
        Map<String, Instant> certificates = ends.get();
        List<IngressStatus.Unsupported> unsupported = unsupported(ingresses.notes());
        counts = new Counts(
                served, routes, unsupported.stream().limit(IngressStatus.MOST).toList(), unsupported.size());
        this.certificates.keySet().stream()
                .filter(secret -> !certificates.containsKey(secret))
                .forEach(expiry::remove);
        certificates.forEach((secret, end) -> expiry.of(secret).set((double) end.getEpochSecond()));
        this.certificates = certificates;
    }

    /** By the first word of notes: the annotation; the most frequent first. */
    private static List<IngressStatus.Unsupported> unsupported(List<EventNote> notes) {
        Map<String, Set<String>> found = new HashMap<>();
        for (EventNote note : notes) {
            if (UNSUPPORTED.contains(note.reason())) {
                String what = note.reason().equals("ResourceBackend")
                        ? "resource backend"
                        : note.note().split("[ :]", 2)[0];
                found.computeIfAbsent(what, key -> new TreeSet<>())
                        .add(note.regarding().namespace() + "/"
                                + note.regarding().name());
            }
        }
        return found.entrySet().stream()
                .map(entry -> new IngressStatus.Unsupported(
                        entry.getKey(),
                        entry.getValue().size(),
                        entry.getValue().iterator().next()))
                .sorted(Comparator.comparingInt(IngressStatus.Unsupported::ingresses)
                        .reversed()
                        .thenComparing(IngressStatus.Unsupported::what))
                .toList();
    }

    IngressStatus status(String version, Check ready, IngressStatus.Config config) {
        Counts now = counts;
        return new IngressStatus(
                version, ready.ok(), ready.message(), config, now.ingresses(), now.routes(), now.unsupported());
    }
}
