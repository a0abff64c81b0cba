package dev.weft.operator.servers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.operator.revision.Content;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Objects;

/**
 * The pod template of servers, named by its hash: another image or another setting is another revision.
 *
 * @param name ten hex digits, also the label {@link Names#REVISION} of the pods
 * @param template without that label, as canonical JSON
 */
public record ServerRevision(String name, String template) {
    public static ServerRevision of(PodTemplateSpec template) {
        return of(Content.canonical(template));
    }

    private static ServerRevision of(String template) {
        return new ServerRevision(Content.name(template), template);
    }

    /** Of a text that {@link #template} gave. */
    public static ServerRevision read(String template) {
        return of(Content.canonical(Serialization.unmarshal(template, JsonNode.class)));
    }

    public PodTemplateSpec podTemplate() {
        return new PodTemplateSpecBuilder(Serialization.unmarshal(template, PodTemplateSpec.class))
                .editMetadata()
                .addToLabels(Names.REVISION, name)
                .endMetadata()
                .build();
    }

    /** The release that it runs. */
    public String version() {
        return Objects.requireNonNullElse(
                podTemplate().getMetadata().getLabels().get(Names.APP_VERSION), "unknown");
    }
}
