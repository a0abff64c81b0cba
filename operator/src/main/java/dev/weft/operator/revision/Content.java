package dev.weft.operator.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** What things are named by. */
public final class Content {
    private static final int NAME_BYTES = 5;

    private Content() {}

    /** JSON with its fields sorted: the same object gives the same text. */
    public static String canonical(Object object) {
        return Serialization.asJson(sorted(Serialization.unmarshal(Serialization.asJson(object), JsonNode.class)));
    }

    /** Ten hex digits of the text's hash. */
    public static String name(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static JsonNode sorted(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                Map<String, JsonNode> fields = new TreeMap<>();
                object.properties().forEach(e -> fields.put(e.getKey(), sorted(e.getValue())));
                ObjectNode result = object.objectNode();
                result.setAll(fields);
                yield result;
            }
            case ArrayNode array -> {
                ArrayNode result = array.arrayNode();
                array.forEach(item -> result.add(sorted(item)));
                yield result;
            }
            default -> node;
        };
    }
}
