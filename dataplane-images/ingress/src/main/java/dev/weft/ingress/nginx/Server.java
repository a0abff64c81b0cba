package dev.weft.ingress.nginx;

import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.match.HostRoutes;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import dev.weft.kube.EventNote;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that Ingresses together say of a host. Who is older comes first, and where two say what only one can, the first does.
 *
 * @param certificate of its own; the default one if empty
 * @param clients who may come with which certificate
 * @param passthrough who TLS is passed on to
 * @param aliases further names with the same routes
 * @param www the name that is redirected to this one
 */
record Server(
        HostPattern host,
        HostRoutes routes,
        Optional<Certificate> certificate,
        Optional<ClientAuth> clients,
        Optional<UpstreamPlan> passthrough,
        List<HostPattern> aliases,
        Optional<HostPattern> www,
        List<EventNote> notes) {

    /**
     * @param primaries Ingresses with rules for the host, the oldest first
     * @param canaries likewise
     */
    static Server of(HostPattern host, List<Compiled> primaries, List<Compiled> canaries) {
        Set<EventNote> notes = new LinkedHashSet<>();
        HostOptions options = hostOptions(primaries);
        Locations locations = Locations.of(host, primaries, canaries, notes);
        Optional<Compiled.Tls> tls = tls(host, primaries);
        Optional<Certificate> certificate = tls.flatMap(Compiled.Tls::found).flatMap(Certificates.Found::ok);
        if (certificate.isPresent() && !tls.get().found().get().fits(host)) {
            note(
                    notes,
                    primaries.getFirst(),
                    "CertificateForOther",
                    "the certificate in " + certificate.get().name() + " is not for " + host
                            + "; the default certificate is shown");
            certificate = Optional.empty();
        }
        return new Server(
                host,
                new HostRoutes(locations.routes(options, tls.isPresent())),
                certificate,
                options.clients(),
                options.passthrough() ? passthrough(locations, primaries, notes) : Optional.empty(),
                options.aliases(),
                options.www() ? www(host) : Optional.empty(),
                List.copyOf(notes));
    }

    /** For each the first who says something. */
    private static HostOptions hostOptions(List<Compiled> primaries) {
        Optional<String> appRoot = Optional.empty();
        List<HostPattern> aliases = List.of();
        Optional<ClientAuth> clients = Optional.empty();
        Optional<Filter> subject = Optional.empty();
        boolean passthrough = false;
        boolean closed = false;
        boolean www = false;
        for (Compiled compiled : primaries) {
            HostOptions of = compiled.options().host();
            appRoot = appRoot.or(of::appRoot);
            aliases = aliases.isEmpty() ? of.aliases() : aliases;
            if (clients.isEmpty()) {
                clients = of.clients();
                subject = of.subject();
            }
            passthrough |= of.passthrough();
            closed |= of.closed();
            www |= of.www();
        }
        return new HostOptions(appRoot, aliases, passthrough, clients, subject, closed, www);
    }

    /**
     * The first Ingress that has TLS at all says which certificate: the one it lists the host for, else one that fits. Without
     * either it is the default one.
     */
    private static Optional<Compiled.Tls> tls(HostPattern host, List<Compiled> primaries) {
        for (Compiled compiled : primaries) {
            if (!compiled.tls().isEmpty()) {
                return compiled.tls().stream()
                        .filter(entry -> entry.hosts().contains(host.toString()))
                        .findFirst()
                        .or(() -> compiled.tls().stream()
                                .filter(entry -> entry.found().isPresent()
                                        && host.kind() != HostPattern.Kind.ANY
                                        && entry.found().get().fits(host))
                                .findFirst())
                        .or(() -> Optional.of(new Compiled.Tls(List.of(), "", Optional.empty())));
            }
        }
        return Optional.empty();
    }

    private static Optional<UpstreamPlan> passthrough(
            Locations locations, List<Compiled> primaries, Set<EventNote> notes) {
        Optional<UpstreamPlan> root = locations
                .root()
                .plan()
                .map(plan -> new UpstreamPlan(plan.source(), plan.protocol(), Optional.empty(), plan.balancing()));
        if (root.isEmpty()) {
            note(
                    notes,
                    primaries.getFirst(),
                    "NoPassthrough",
                    "ssl-passthrough: no path / leads to a Service, so that there is nobody to pass TLS on to");
        }
        return root;
    }

    private static Optional<HostPattern> www(HostPattern host) {
        if (host.kind() != HostPattern.Kind.EXACT) {
            return Optional.empty();
        }
        String name = host.name();
        return Optional.of(
                new HostPattern(name.startsWith("www.") ? name.substring(4) : "www." + name, HostPattern.Kind.EXACT));
    }

    static void note(Set<EventNote> notes, Compiled of, String reason, String text) {
        notes.add(new EventNote(true, of.ingress().reference(), reason, "Compile", text));
    }

    /** What upstreams it has besides those of its locations. */
    List<UpstreamPlan> plans() {
        List<UpstreamPlan> plans = new ArrayList<>(1);
        passthrough.ifPresent(plans::add);
        return plans;
    }
}
