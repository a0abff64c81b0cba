package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Ingress;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.References;
import dev.weft.ingress.compile.Ordered;
import dev.weft.ingress.compile.Status;
import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.nginx.IngressCompiler.Served;
import dev.weft.kube.EventNote;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The Ingresses that are served, each with what it says: kept while it and all that was read for it are the same instances. */
final class KeptIngresses {
    /** What Ingresses are compiled with. */
    static final List<Kind<?>> READ = List.of(Kinds.SERVICES, Kinds.SECRETS, Kinds.CONFIG_MAPS);

    /** The oldest first; of the same age those with later names, as ingress-nginx has it. */
    private static final Comparator<Ingress> AGE = Comparator.comparing(Ingress::created)
            .thenComparing(
                    Comparator.comparing((Ingress ingress) -> ingress.key().toString())
                            .reversed());

    private record Kept(Ingress ingress, Compiled compiled, Served status) {
        Kept(Ingress ingress, Compiled compiled) {
            this(ingress, compiled, new Served(ingress.reference(), ingress.addresses()));
        }
    }

    private final int httpsPort;
    private final Ordered<Ingress> order = new Ordered<>(AGE, Ingress::key);
    private final Map<ObjectKey, Kept> known = new HashMap<>();
    private List<Compiled> all = List.of();
    private List<Status> statuses = List.of();
    private Set<UpstreamPlan> plans = Set.of();
    private Set<UpstreamPlan> ofServers = Set.of();
    private References references = References.NONE;
    private boolean plansChanged = true;
    private boolean referencesChanged = true;

    KeptIngresses(int httpsPort) {
        this.httpsPort = httpsPort;
    }

    /**
     * Follows the cluster.
     *
     * @param more names of classes that are served besides those of Weft's controller
     * @param calm whether nothing that Ingresses are compiled with is other than last time
     * @return whether any says something else, came or went
     */
    @SuppressWarnings("ReferenceEquality") // instances stay what they are as long as nothing changed
    boolean follow(Cluster cluster, Set<String> more, boolean calm) {
        Classes classes = new Classes(cluster, more);
        List<Compiled> now = new ArrayList<>(all.size());
        List<Status> says = new ArrayList<>(all.size());
        boolean changed = false;
        for (Ingress ingress : order.of(cluster.all(Kinds.INGRESSES))) {
            if (classes.serves(ingress)) {
                Kept before = known.get(ingress.key());
                Kept kept = keep(before, ingress, cluster, calm);
                if (kept != before) {
                    known.put(ingress.key(), kept);
                    changed |= compare(before, kept);
                }
                now.add(kept.compiled());
                says.add(kept.status());
            }
        }
        if (known.size() > now.size()) {
            Set<ObjectKey> served = new HashSet<>(now.size() * 2);
            now.forEach(compiled -> served.add(compiled.ingress().key()));
            known.keySet().retainAll(served);
            changed = true;
            plansChanged = true;
            referencesChanged = true;
        }
        all = now;
        statuses = List.copyOf(says);
        return changed;
    }

    @SuppressWarnings("ReferenceEquality") // likewise
    private Kept keep(@Nullable Kept before, Ingress ingress, Cluster cluster, boolean calm) {
        if (before != null && (calm || before.compiled().seen().holds(cluster))) {
            if (before.ingress() == ingress) {
                return before;
            }
            if (ingress.saysAs(before.ingress())) {
                // Whoever writes its status changes nothing of what it does.
                return new Kept(ingress, before.compiled());
            }
        }
        return new Kept(ingress, new Compiled(ingress, cluster, httpsPort));
    }

    @SuppressWarnings("ReferenceEquality") // likewise
    private boolean compare(@Nullable Kept before, Kept now) {
        if (before != null && before.compiled() == now.compiled()) {
            return false;
        }
        plansChanged |= before == null
                || !before.compiled().plans().equals(now.compiled().plans());
        referencesChanged |= before == null
                || !before.compiled()
                        .seen()
                        .references()
                        .equals(now.compiled().seen().references());
        return true;
    }

    /** The oldest first. */
    List<Compiled> all() {
        return all;
    }

    List<Status> statuses() {
        return statuses;
    }

    Set<EventNote> notes() {
        Set<EventNote> notes = new LinkedHashSet<>();
        all.forEach(compiled -> notes.addAll(compiled.notes()));
        return notes;
    }

    /** Of all upstreams, those of servers too; the same instance while they are the same. */
    Set<UpstreamPlan> plans(List<Server> servers) {
        Set<UpstreamPlan> others = new HashSet<>();
        servers.forEach(server -> others.addAll(server.plans()));
        if (plansChanged || !others.equals(ofServers)) {
            Set<UpstreamPlan> now = new HashSet<>(all.size() * 2);
            all.forEach(compiled -> now.addAll(compiled.plans()));
            now.addAll(others);
            plans = Set.copyOf(now);
            ofServers = others;
            plansChanged = false;
        }
        return plans;
    }

    /** Likewise; of what is named besides too. */
    References references(Optional<ObjectKey> certificate) {
        if (referencesChanged) {
            Set<ObjectKey> secrets = new HashSet<>();
            Set<ObjectKey> configMaps = new HashSet<>();
            for (Compiled compiled : all) {
                References one = compiled.seen().references();
                secrets.addAll(one.secrets());
                configMaps.addAll(one.configMaps());
            }
            certificate.ifPresent(secrets::add);
            references = new References(secrets, configMaps, Set.of());
            referencesChanged = false;
        }
        return references;
    }
}
