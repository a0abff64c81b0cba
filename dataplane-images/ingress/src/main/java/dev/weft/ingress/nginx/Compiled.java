package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Ingress;
import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.match.HttpMatch;
import dev.weft.ingress.match.HttpRoute;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.RuleName;
import dev.weft.kube.EventNote;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an Ingress says, whatever others say. Compared by identity: it is kept while all that it was made of is the same. */
final class Compiled {
    /**
     * @param hosts lower case
     * @param found empty for the default certificate
     */
    record Tls(List<String> hosts, String secret, Optional<Certificates.Found> found) {}

    private final Ingress ingress;
    private final Options options;
    private final Map<HostPattern, List<Location>> hosts = new LinkedHashMap<>(2);
    private final List<Tls> tls = new ArrayList<>(1);
    private final Optional<Answer> fallback;
    private final Set<UpstreamPlan> plans;
    private final List<EventNote> notes;
    private final Reads.Seen seen;
    private @Nullable Ready ready;

    private record Placed(Location location, HttpRoute route) {}

    /** What its locations come to on a host that says this. */
    private record Ready(HostOptions host, boolean tls, List<Placed> placed) {}

    Compiled(Ingress ingress, Cluster cluster, int httpsPort) {
        this.ingress = ingress;
        Reading in = new Reading(ingress, new Reads(cluster), httpsPort);
        this.options = Options.read(in);
        this.fallback = ingress.defaultBackend().map(backend -> answer(in, backend, "defaultBackend"));
        for (int i = 0; i < ingress.rules().size(); i++) {
            rule(in, ingress.rules().get(i), i);
        }
        if (ingress.rules().isEmpty() && fallback.isPresent()) {
            hosts.put(HostPattern.ANY, List.of());
        }
        ingress.tls().forEach(entry -> tls.add(tls(in, entry)));
        this.plans = Set.copyOf(in.plans());
        this.notes = in.notes();
        this.seen = in.reads().seen();
    }

    private void rule(Reading in, Ingress.Rule rule, int number) {
        HostPattern host;
        try {
            host = HostPattern.of(rule.host(), HostPattern.Kind.ONE_LABEL);
        } catch (IllegalArgumentException e) {
            in.note("InvalidHost", "'" + rule.host() + "' is no host; the rule has no effect");
            return;
        }
        List<Location> locations = hosts.computeIfAbsent(host, key -> new ArrayList<>(1));
        RuleName name =
                new RuleName("Ingress", ingress.key().namespace(), ingress.key().name(), number);
        for (Ingress.Path path : rule.paths()) {
            String text = path.path().isEmpty() ? "/" : path.path();
            if (!text.startsWith("/")) {
                in.note("InvalidPath", "the path '" + text + "' does not begin with a slash; it has no effect");
            } else if (path.backend() instanceof Ingress.Backend.OfResource) {
                answer(in, path.backend(), text);
            } else {
                // ImplementationSpecific is Prefix, or an expression where the host's paths are such.
                boolean exact = path.type() == Ingress.PathType.EXACT;
                locations.add(new Location(host, text, exact, answer(in, path.backend(), text), name));
            }
        }
    }

    private Answer answer(Reading in, Ingress.Backend backend, String where) {
        return switch (backend) {
            case Ingress.Backend.OfResource(String group, String kind, String name) -> {
                in.note(
                        "ResourceBackend",
                        "the backend of " + where + " is " + kind + " " + name
                                + ", and only Services are served; the backend has no effect");
                yield Answer.NOT_FOUND;
            }
            case Ingress.Backend.OfService(String name, String portName, int portNumber) -> {
                ObjectKey key =
                        name.isEmpty() ? null : new ObjectKey(ingress.key().namespace(), name);
                Optional<Service> service = in.service(name);
                if (key == null || (service.isEmpty() && portNumber == 0)) {
                    in.note("ServiceNotFound", "there is no Service '" + name + "' for " + where);
                    yield Answer.UNAVAILABLE;
                }
                if (service.isEmpty()) {
                    in.note("ServiceNotFound", "there is no Service '" + name + "' for " + where);
                }
                Optional<Service.Port> port = port(service, portName, portNumber);
                if (port.isEmpty()) {
                    String wanted = portName.isEmpty() ? Integer.toString(portNumber) : portName;
                    in.note("ServiceNotFound", "the Service " + name + " has no port " + wanted + " for " + where);
                    yield Answer.UNAVAILABLE;
                }
                UpstreamPlan plan = options.backend().plan(key, port.get());
                in.use(plan);
                yield new Answer(
                        Optional.of(plan),
                        0,
                        options.backend().vhost(key, port.get().port()));
            }
        };
    }

    /** By number, target number or name, as ingress-nginx; an ExternalName need not have ports. */
    private static Optional<Service.Port> port(Optional<Service> service, String name, int number) {
        Service.Port plain = new Service.Port("", Service.TCP, number, "", 0, "");
        if (service.isEmpty()
                || (service.get().isExternalName() && service.get().ports().isEmpty())) {
            return number == 0 ? Optional.empty() : Optional.of(plain);
        }
        List<Service.Port> ports = service.get().ports().stream()
                .filter(port -> port.protocol() == Service.TCP)
                .toList();
        String text = number == 0 ? name : Integer.toString(number);
        return ports.stream()
                .filter(port -> number == 0 ? port.name().equals(name) : port.port() == number)
                .findFirst()
                .or(() -> ports.stream()
                        .filter(port -> port.targetPort().equals(text))
                        .findFirst());
    }

    private Tls tls(Reading in, Ingress.Tls entry) {
        List<String> names = entry.hosts().stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .toList();
        if (entry.secret().isEmpty()) {
            return new Tls(names, "", Optional.empty());
        }
        Optional<Secret> secret = in.reads().secret(new ObjectKey(ingress.key().namespace(), entry.secret()));
        if (secret.isEmpty()) {
            in.note(
                    "CertificateNotFound",
                    "there is no Secret '" + entry.secret() + "'; the default certificate is shown");
            return new Tls(names, entry.secret(), Optional.empty());
        }
        Certificates.Found found = Certificates.of(secret.get());
        if (!found.wrong().isEmpty()) {
            in.note(
                    "CertificateInvalid",
                    "the Secret '" + entry.secret() + "' " + found.wrong() + "; the default certificate is shown");
        }
        return new Tls(names, entry.secret(), Optional.of(found));
    }

    Ingress ingress() {
        return ingress;
    }

    Options options() {
        return options;
    }

    /** Of its rules, each once; any host if it has none but a default backend. */
    Set<HostPattern> hosts() {
        return hosts.keySet();
    }

    List<Location> locations(HostPattern host) {
        return hosts.getOrDefault(host, List.of());
    }

    /**
     * What one of its own locations comes to on a host where no path is an expression; the same instance for the same.
     *
     * @param withTls whether the host has it
     * @throws IllegalArgumentException if there is no such path
     */
    @SuppressWarnings("ReferenceEquality") // of its own
    HttpRoute route(Location location, HostOptions host, boolean withTls) {
        Ready now = ready;
        if (now == null || now.tls() != withTls || !now.host().equals(host)) {
            now = new Ready(host, withTls, new ArrayList<>(1));
            ready = now;
        }
        for (Placed known : now.placed()) {
            if (known.location() == location) {
                return known.route();
            }
        }
        HttpRoute route =
                new HttpRoute(HttpMatch.of(Locations.path(location)), Rules.of(location, options, host, withTls));
        now.placed().add(new Placed(location, route));
        return route;
    }

    List<Tls> tls() {
        return tls;
    }

    /** Its default backend. */
    Optional<Answer> fallback() {
        return fallback;
    }

    boolean isCatchAll() {
        return ingress.rules().isEmpty() && fallback.isPresent();
    }

    Set<UpstreamPlan> plans() {
        return plans;
    }

    List<EventNote> notes() {
        return notes;
    }

    Reads.Seen seen() {
        return seen;
    }
}
