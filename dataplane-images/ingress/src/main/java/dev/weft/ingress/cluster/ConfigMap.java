package dev.weft.ingress.cluster;

import dev.weft.kube.ObjectKey;
import java.util.Map;

/** A ConfigMap (core/v1) without {@code binaryData}. */
public record ConfigMap(ObjectKey key, Map<String, String> data) {
    public ConfigMap {
        data = Map.copyOf(data);
    }
}
