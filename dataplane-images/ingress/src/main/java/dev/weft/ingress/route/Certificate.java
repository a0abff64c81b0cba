package dev.weft.ingress.route;

/**
 * A certificate with its key.
 *
 * @param name of the Secret, {@code namespace/name}
 * @param chain PEM, the server's own first
 * @param key PEM
 */
public record Certificate(String name, String chain, String key) {
    /** Without the key. */
    @Override
    public String toString() {
        return "Certificate[" + name + "]";
    }
}
