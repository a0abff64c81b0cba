package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.ConfigMap;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.References;
import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.cluster.Service;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads objects and remembers which: while they are the same, so is what was made of them. */
final class Reads {
    /** Compared by identity: what did not change stays the same instance. */
    record Read(Kind<?> kind, ObjectKey key, @Nullable Object found) {}

    /** What was read. */
    record Seen(List<Read> reads) {
        Seen {
            reads = List.copyOf(reads);
        }

        /** Whether a later cluster has the same to read. */
        @SuppressWarnings("ReferenceEquality") // instances stay what they are as long as nothing changed
        boolean holds(Cluster later) {
            for (Read read : reads) {
                if (later.get(read.kind(), read.key()).orElse(null) != read.found()) {
                    return false;
                }
            }
            return true;
        }

        /** What has to be watched by its name. */
        References references() {
            Set<ObjectKey> secrets = new HashSet<>();
            Set<ObjectKey> configMaps = new HashSet<>();
            for (Read read : reads) {
                if (read.kind().equals(Kinds.SECRETS)) {
                    secrets.add(read.key());
                } else if (read.kind().equals(Kinds.CONFIG_MAPS)) {
                    configMaps.add(read.key());
                }
            }
            return secrets.isEmpty() && configMaps.isEmpty()
                    ? References.NONE
                    : new References(secrets, configMaps, Set.of());
        }
    }

    private final Cluster cluster;
    private final List<Read> reads = new ArrayList<>(2);

    Reads(Cluster cluster) {
        this.cluster = cluster;
    }

    Optional<Service> service(ObjectKey key) {
        return read(Kinds.SERVICES, key);
    }

    Optional<Secret> secret(ObjectKey key) {
        return read(Kinds.SECRETS, key);
    }

    Optional<ConfigMap> configMap(ObjectKey key) {
        return read(Kinds.CONFIG_MAPS, key);
    }

    private <T> Optional<T> read(Kind<T> kind, ObjectKey key) {
        Optional<T> found = cluster.get(kind, key);
        reads.add(new Read(kind, key, found.orElse(null)));
        return found;
    }

    Seen seen() {
        return new Seen(reads);
    }
}
