package dev.weft.cni.protocol;

/**
 * The pod that a request is for, so that logs can name it.
 *
 * @param namespace empty when the runtime did not say
 * @param name empty when the runtime did not say
 */
public record PodName(String namespace, String name) {
    public static final PodName UNKNOWN = new PodName("", "");

    @Override
    public String toString() {
        return name.isEmpty() ? "unnamed pod" : namespace + "/" + name;
    }
}
