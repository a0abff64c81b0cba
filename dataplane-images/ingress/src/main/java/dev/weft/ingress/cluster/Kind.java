package dev.weft.ingress.cluster;

import dev.weft.kube.KindSpec;

/**
 * A kind of objects. Who compiles another kind adds a constant like those of {@link Kinds}, has it watched, and finds its
 * objects in the {@link Cluster}.
 *
 * @param spec how they are read
 * @param type of the values
 * @param namespaced whether its objects live in namespaces
 */
public record Kind<T>(KindSpec<T> spec, Class<T> type, boolean namespaced) {
    public String name() {
        return spec.name();
    }

    @Override
    public String toString() {
        return name();
    }
}
