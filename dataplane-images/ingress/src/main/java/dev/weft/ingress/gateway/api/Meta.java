package dev.weft.ingress.gateway.api;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectMeta;
import java.time.Instant;
import java.util.Comparator;

/**
 * What is known of an object whatever its kind.
 *
 * @param resourceVersion of this state: a status is only written over the state that it was made of
 * @param generation of the spec, for {@code observedGeneration}
 */
public record Meta(ObjectKey key, String uid, String resourceVersion, long generation, Instant created) {
    /** Who comes first where Gateway API lets age decide: the oldest, then by namespace and name. */
    public static final Comparator<Meta> OLDEST_FIRST =
            Comparator.comparing(Meta::created).thenComparing(Meta::key);

    static Meta of(ObjectMeta meta) {
        ObjectKey key = meta.name().isEmpty() ? new ObjectKey(meta.namespace(), "?") : meta.key();
        return new Meta(key, meta.uid(), meta.resourceVersion(), meta.generation(), meta.created());
    }

    /** Whether it is of the object that another is of, in whatever state. */
    public boolean isOf(Meta other) {
        return key.equals(other.key) && uid.equals(other.uid) && created.equals(other.created);
    }

    public String namespace() {
        return key.namespace();
    }

    public String name() {
        return key.name();
    }
}
