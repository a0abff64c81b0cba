package dev.weft.ingress.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Reads a Secret (core/v1). */
final class SecretDraft implements Decoder.Draft<Secret> {
    private final Map<String, String> data = new HashMap<>();
    private final Map<String, String> plain = new HashMap<>();
    private String type = "";

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "type" -> type = in.string();
            case "data" -> in.object((key, value) -> data.put(key, decode(value.string())));
            // In files alone: the API server never tells it.
            case "stringData" -> in.object((key, value) -> plain.put(key, octets(value.string())));
            default -> {}
        }
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** With line breaks, as in files that people write. */
    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.replaceAll("\\s", "")), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return ""; // The API server refuses it; what is not there is told by who needs it.
        }
    }

    @Override
    public Secret finish(ObjectMeta meta) {
        data.putAll(plain);
        return new Secret(meta.key(), type, data);
    }
}
