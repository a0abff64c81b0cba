package dev.weft.kube;

/**
 * Names an object among those of its kind.
 *
 * @param namespace empty for kinds that have none
 * @param name never empty
 */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {
    public ObjectKey {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an object has a name");
        }
    }

    /** The key of an object of a cluster-scoped kind. */
    public static ObjectKey of(String name) {
        return new ObjectKey("", name);
    }

    /**
     * Spreads names that are counted up: the sum that a record has by itself keeps them side by side, which makes large
     * immutable maps of them, probed linearly, slow.
     */
    @Override
    public int hashCode() {
        int hash = (31 * namespace.hashCode() + name.hashCode()) * 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    @Override
    public int compareTo(ObjectKey other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
