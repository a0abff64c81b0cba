package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.compile.Compiler;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.compile.Status;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.HostPattern;
import dev.weft.kube.EventNote;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compiles all Ingresses. What an Ingress says is kept while it and all that was read for it are the same instances, and what
 * a host does while its Ingresses are: a change costs what it changes, and a pass over references of the rest.
 */
public final class IngressCompiler implements Compiler {
    /**
     * @param classes names of IngressClasses that are served besides those of Weft's controller
     * @param defaultCertificate Secret with the certificate that is shown where no other fits
     * @param fallback shown where that is not there either
     */
    public record Settings(
            Set<String> classes,
            int httpPort,
            int httpsPort,
            Optional<ObjectKey> defaultCertificate,
            Certificate fallback) {
        public Settings {
            classes = Set.copyOf(classes);
        }
    }

    /** An Ingress that is served, and what its status tells now: addresses and host names. */
    public record Served(ObjectReference object, List<String> addresses) implements Status {
        public Served {
            addresses = List.copyOf(addresses);
        }
    }

    private record Inputs(List<Compiled> primaries, List<Compiled> canaries) {}

    private record Made(Inputs inputs, Server server) {}

    private static final List<Kind<?>> KINDS =
            List.of(Kinds.INGRESSES, Kinds.INGRESS_CLASSES, Kinds.SERVICES, Kinds.SECRETS, Kinds.CONFIG_MAPS);

    private final Settings settings;
    private final KeptIngresses ingresses;
    private Cluster before = Cluster.EMPTY;
    private Optional<Part> part = Optional.empty();
    private Map<HostPattern, Made> servers = Map.of();

    public IngressCompiler(Settings settings) {
        this.settings = settings;
        this.ingresses = new KeptIngresses(settings.httpsPort());
    }

    @Override
    public Part compile(Cluster cluster) {
        if (part.isPresent() && cluster.hasSame(KINDS, before)) {
            return part.get();
        }
        Optional<Part> last = part;
        // If it fails half-way, nothing that was made so far is relied on.
        part = Optional.empty();
        boolean calm = last.isPresent() && cluster.hasSame(KeptIngresses.READ, before);
        boolean changed = ingresses.follow(cluster, settings.classes(), calm);
        Part now = last.isEmpty() || changed || !certificate(cluster).equals(certificate(before))
                ? make(cluster)
                : last.get().withStatuses(ingresses.statuses());
        before = cluster;
        part = Optional.of(now);
        return now;
    }

    private Optional<Secret> certificate(Cluster cluster) {
        return settings.defaultCertificate().flatMap(cluster::secret);
    }

    private Part make(Cluster cluster) {
        Map<HostPattern, Inputs> hosts = byHost(ingresses.all());
        Map<HostPattern, Made> made = new LinkedHashMap<>(hosts.size() * 2);
        hosts.forEach((host, inputs) -> {
            Made known = servers.get(host);
            made.put(
                    host,
                    known != null && known.inputs().equals(inputs)
                            ? known
                            : new Made(inputs, Server.of(host, inputs.primaries(), inputs.canaries())));
        });
        servers = made;
        List<Server> all = made.values().stream().map(Made::server).toList();
        Set<EventNote> notes = new LinkedHashSet<>(ingresses.notes());
        all.forEach(server -> notes.addAll(server.notes()));
        Certificate certificate = certificate(cluster)
                .map(Certificates::of)
                .flatMap(Certificates.Found::ok)
                .orElse(settings.fallback());
        return new Part(
                new Ports(settings, certificate, all).all(),
                ingresses.plans(all),
                ingresses.references(settings.defaultCertificate()),
                List.copyOf(notes),
                ingresses.statuses());
    }

    /** When the certificates that are shown end, by {@code namespace/name} of their Secrets; as compiled last. */
    public Map<String, Instant> certificates() {
        Map<String, Instant> ends = new TreeMap<>();
        for (Compiled ingress : ingresses.all()) {
            for (Compiled.Tls tls : ingress.tls()) {
                tls.found()
                        .filter(found -> found.certificate().isPresent())
                        .ifPresent(found -> ends.put(found.certificate().get().name(), found.ends()));
            }
        }
        return ends;
    }

    private static Map<HostPattern, Inputs> byHost(List<Compiled> all) {
        Map<HostPattern, Inputs> hosts = new LinkedHashMap<>(all.size() * 2);
        hosts.put(HostPattern.ANY, new Inputs(new ArrayList<>(), new ArrayList<>()));
        for (Compiled ingress : all) {
            if (ingress.options().canary().isEmpty()) {
                for (HostPattern host : ingress.hosts()) {
                    hosts.computeIfAbsent(host, key -> new Inputs(new ArrayList<>(1), new ArrayList<>(0)))
                            .primaries()
                            .add(ingress);
                }
            }
        }
        for (Compiled ingress : all) {
            if (ingress.options().canary().isPresent()) {
                for (HostPattern host : ingress.hosts()) {
                    Inputs inputs = hosts.get(host);
                    if (inputs != null) {
                        inputs.canaries().add(ingress);
                    }
                }
            }
        }
        return hosts;
    }
}
