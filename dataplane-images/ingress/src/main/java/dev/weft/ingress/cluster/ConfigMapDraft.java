package dev.weft.ingress.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;
import java.util.HashMap;
import java.util.Map;

/** Reads a ConfigMap (core/v1). */
final class ConfigMapDraft implements Decoder.Draft<ConfigMap> {
    private final Map<String, String> data = new HashMap<>();

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        if (name.equals("data")) {
            in.object((key, value) -> data.put(key, value.string()));
        }
    }

    @Override
    public ConfigMap finish(ObjectMeta meta) {
        return new ConfigMap(meta.key(), data);
    }
}
