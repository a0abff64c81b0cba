package dev.weft.operator.revision;

import dev.weft.config.ConfigFormatException;
import dev.weft.config.ConfigJson;
import dev.weft.config.NodeConfig;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
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

    /** The revision of this content, whatever revision name the configuration carries. */
    public static Revision of(NodeConfig config, PodTemplateSpec template) {
        return of(config, Content.canonical(template));
    }

    private static Revision of(NodeConfig config, String template) {
        String name = Content.name(ConfigJson.write(named(config, "")) + "\n" + template);
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
                c.serviceProxy(),
                c.networkPolicy());
    }
}
