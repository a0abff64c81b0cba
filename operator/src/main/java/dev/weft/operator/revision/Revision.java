package dev.weft.operator.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ConfigFormatException;
import dev.weft.config.ConfigJson;
import dev.weft.config.NodeConfig;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a node runs. Its name is a hash of the content, so a revision never changes: another image, configuration or
 * template is another revision. It is kept whole in the cluster, because during a rollout the old one must be restored
 * when someone deletes it, though the spec no longer describes it.
 *
 * @param name ten hex digits
 * @param config the agent's configuration, with this revision's name in it
 * @param template the pod template without what depends on the revision's name, as canonical JSON
 */
public record Revision(String name, NodeConfig config, String template) {
    private static final String CONFIG_KEY = "node.json";
    private static final String TEMPLATE_KEY = "template.json";
    private static final int NAME_BYTES = 5;

    /** The revision of this content, whatever revision name the configuration carries. */
    public static Revision of(NodeConfig config, PodTemplateSpec template) {
        return of(config, canonical(Serialization.asJson(template)));
    }

    private static Revision of(NodeConfig config, String template) {
        String name = hash(ConfigJson.write(named(config, "")) + "\n" + template);
        return new Revision(name, named(config, name), template);
    }

    /** The two documents by which the cluster keeps a revision: the agent's file and the template. */
    public Map<String, String> data() {
        return new TreeMap<>(Map.of(CONFIG_KEY, ConfigJson.write(config), TEMPLATE_KEY, template));
    }

    /**
     * Reads what {@link #data()} wrote.
     *
     * @return empty if something is missing, unreadable or not what the name stands for
     */
    public static Optional<Revision> read(String name, Map<String, String> data) {
        String config = data.get(CONFIG_KEY);
        String template = data.get(TEMPLATE_KEY);
        if (config == null || template == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(ConfigJson.readConfig(config), template)).filter(r -> r.name.equals(name));
        } catch (ConfigFormatException e) {
            return Optional.empty();
        }
    }

    public PodTemplateSpec podTemplate() {
        return Serialization.unmarshal(template, PodTemplateSpec.class);
    }

    private static NodeConfig named(NodeConfig c, String revision) {
        return new NodeConfig(
                c.version(),
                revision,
                c.apiServers(),
                c.podCidrs(),
                c.routing(),
                c.vxlan(),
                c.mtu(),
                c.masquerade(),
                c.serviceProxy());
    }

    private static String canonical(String json) {
        return Serialization.asJson(sorted(Serialization.unmarshal(json, JsonNode.class)));
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

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
