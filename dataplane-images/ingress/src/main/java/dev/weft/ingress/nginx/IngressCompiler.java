package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Ingress;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.References;
import dev.weft.ingress.compile.Compiler;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.compile.Status;
import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.HostPattern;
import dev.weft.kube.EventNote;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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

    /** The oldest first; of the same age those with later names, as ingress-nginx has it. */
    private static final Comparator<Ingress> AGE = Comparator.comparing(Ingress::created)
            .thenComparing(
                    Comparator.comparing((Ingress ingress) -> ingress.key().toString())
                            .reversed());

    private final Settings settings;
    private Map<ObjectKey, Compiled> compiled = Map.of();
    private Map<HostPattern, Made> servers = Map.of();

    public IngressCompiler(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Part compile(Cluster cluster) {
        List<Compiled> all = ingresses(cluster);
        Map<HostPattern, Inputs> hosts = byHost(all);
        Map<HostPattern, Made> made = new LinkedHashMap<>(hosts.size() * 2);
        Set<EventNote> notes = new LinkedHashSet<>();
        Set<UpstreamPlan> plans = new HashSet<>();
        Set<ObjectKey> secrets = new HashSet<>();
        Set<ObjectKey> configMaps = new HashSet<>();
        List<Status> statuses = new ArrayList<>();
        for (Compiled ingress : all) {
            notes.addAll(ingress.notes());
            plans.addAll(ingress.plans());
            References references = ingress.seen().references();
            secrets.addAll(references.secrets());
            configMaps.addAll(references.configMaps());
            statuses.add(new Served(
                    ingress.ingress().reference(), ingress.ingress().addresses()));
        }
        hosts.forEach((host, inputs) -> {
            Made before = servers.get(host);
            Made now = before != null && before.inputs().equals(inputs)
                    ? before
                    : new Made(inputs, Server.of(host, inputs.primaries(), inputs.canaries()));
            made.put(host, now);
            notes.addAll(now.server().notes());
            plans.addAll(now.server().plans());
        });
        servers = made;
        Certificate certificate = defaultCertificate(cluster, secrets);
        return new Part(
                new Ports(
                                settings,
                                certificate,
                                made.values().stream().map(Made::server).toList())
                        .all(),
                plans,
                new References(secrets, configMaps, Set.of()),
                List.copyOf(notes),
                statuses);
    }

    /** When the certificates that are shown end, by {@code namespace/name} of their Secrets; as compiled last. */
    public Map<String, Instant> certificates() {
        Map<String, Instant> ends = new TreeMap<>();
        for (Compiled ingress : compiled.values()) {
            for (Compiled.Tls tls : ingress.tls()) {
                tls.found()
                        .filter(found -> found.certificate().isPresent())
                        .ifPresent(found -> ends.put(found.certificate().get().name(), found.ends()));
            }
        }
        return ends;
    }

    private List<Compiled> ingresses(Cluster cluster) {
        Classes classes = new Classes(cluster, settings.classes());
        List<Ingress> served = new ArrayList<>();
        for (Ingress ingress : cluster.all(Kinds.INGRESSES).values()) {
            if (classes.serves(ingress)) {
                served.add(ingress);
            }
        }
        served.sort(AGE);
        Map<ObjectKey, Compiled> now = new HashMap<>(served.size() * 2);
        List<Compiled> all = new ArrayList<>(served.size());
        for (Ingress ingress : served) {
            Compiled one = compile(ingress, cluster);
            now.put(ingress.key(), one);
            all.add(one);
        }
        compiled = now;
        return all;
    }

    @SuppressWarnings("ReferenceEquality") // instances stay what they are as long as nothing changed
    private Compiled compile(Ingress ingress, Cluster cluster) {
        Compiled before = compiled.get(ingress.key());
        return before != null && before.ingress() == ingress && before.seen().holds(cluster)
                ? before
                : new Compiled(ingress, cluster, settings.httpsPort());
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

    private Certificate defaultCertificate(Cluster cluster, Set<ObjectKey> secrets) {
        settings.defaultCertificate().ifPresent(secrets::add);
        return settings.defaultCertificate()
                .flatMap(cluster::secret)
                .map(Certificates::of)
                .flatMap(Certificates.Found::ok)
                .orElse(settings.fallback());
    }
}
