package dev.weft.kube;

/**
 * Makes values of one kind from JSON as it streams by. A value holds only what the agent acts on, so that an update of
 * anything else (a heartbeat, a status nobody here reads) leaves an equal value and wakes nobody.
 *
 * @param <T> an immutable value with {@code equals}; without {@code resourceVersion}
 */
public interface Decoder<T> {

    /** Starts an object. */
    Draft<T> begin();

    /** An object being read. */
    interface Draft<T> {
        /** A field at the top of the object other than {@code metadata}; the input stands at its value. */
        void field(String name, JsonInput in) throws KubeException;

        /** The value; must take any content, because one odd object must not stop the watch of all others. */
        T finish(ObjectMeta meta);
    }
}
