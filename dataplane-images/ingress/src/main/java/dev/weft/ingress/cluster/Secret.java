package dev.weft.ingress.cluster;

import dev.weft.kube.ObjectKey;
import java.util.Map;

/**
 * A Secret (core/v1).
 *
 * @param type such as {@code kubernetes.io/tls}
 * @param data decoded, each octet a character of ISO 8859-1: what is read here is PEM or lines of a password file
 */
public record Secret(ObjectKey key, String type, Map<String, String> data) {
    public Secret {
        data = Map.copyOf(data);
    }

    /** Without what is in it. */
    @Override
    public String toString() {
        return "Secret[" + key + ", " + data.keySet() + "]";
    }
}
