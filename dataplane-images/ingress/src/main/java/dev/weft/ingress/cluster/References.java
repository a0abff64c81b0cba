package dev.weft.ingress.cluster;

import dev.weft.kube.ObjectKey;
import java.util.HashSet;
import java.util.Set;

/**
 * What a result was made of, or would have been, besides the kinds that are watched as a whole. Only these Secrets and
 * ConfigMaps are asked for, each by its name.
 *
 * @param names of hosts whose addresses are needed
 */
public record References(Set<ObjectKey> secrets, Set<ObjectKey> configMaps, Set<String> names) {
    public static final References NONE = new References(Set.of(), Set.of(), Set.of());

    public References {
        secrets = Set.copyOf(secrets);
        configMaps = Set.copyOf(configMaps);
        names = Set.copyOf(names);
    }

    public References plus(References other) {
        return new References(
                union(secrets, other.secrets), union(configMaps, other.configMaps), union(names, other.names));
    }

    private static <T> Set<T> union(Set<T> one, Set<T> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Set<T> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }
}
