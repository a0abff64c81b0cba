package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.gateway.TlsPolicies.OfService;
import dev.weft.ingress.gateway.api.ReferenceGrant;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what is around a route, and remembers what: while that is the same, so is what became of the route. */
final class Reads {
    /** Something that was looked for, and what was found. */
    sealed interface Read {
        boolean holds(Around later);
    }

    private record OfParent(Parent.Id id, @Nullable Parent found) implements Read {
        @Override
        public boolean holds(Around later) {
            return Objects.equals(later.parents().get(id), found);
        }
    }

    private record OfNamespace(String name, Map<String, String> labels) implements Read {
        @Override
        public boolean holds(Around later) {
            return later.labels(name).equals(labels);
        }
    }

    /** A Service, with the policies for it. */
    private record OfBackend(
            ObjectKey key,
            @Nullable Service found,
            @Nullable OfService policies) implements Read {
        @Override
        @SuppressWarnings("ReferenceEquality") // what did not change stays the same instance
        public boolean holds(Around later) {
            return later.cluster().service(key).orElse(null) == found
                    && Objects.equals(later.policies().services().get(key), policies);
        }
    }

    /** The ReferenceGrants of a namespace. */
    private record OfGrants(String namespace, List<ReferenceGrant> found) implements Read {
        @Override
        public boolean holds(Around later) {
            return later.grants().in(namespace).equals(found);
        }
    }

    private final Around around;
    private final List<Read> reads = new ArrayList<>(3);

    Reads(Around around) {
        this.around = around;
    }

    Optional<Parent> parent(Parent.Id id) {
        Parent found = around.parents().get(id);
        reads.add(new OfParent(id, found));
        return Optional.ofNullable(found);
    }

    Map<String, String> labels(String namespace) {
        Map<String, String> labels = around.labels(namespace);
        reads.add(new OfNamespace(namespace, labels));
        return labels;
    }

    Optional<Service> service(ObjectKey key) {
        Optional<Service> found = around.cluster().service(key);
        reads.add(new OfBackend(
                key, found.orElse(null), around.policies().services().get(key)));
        return found;
    }

    /** Those for a Service that was read. */
    Optional<OfService> policies(ObjectKey service) {
        return Optional.ofNullable(around.policies().services().get(service));
    }

    List<ReferenceGrant> grants(String namespace) {
        List<ReferenceGrant> found = around.grants().in(namespace);
        reads.add(new OfGrants(namespace, found));
        return found;
    }

    List<Read> seen() {
        return List.copyOf(reads);
    }
}
