package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where images come from. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ImagesSpec(
        @JsonPropertyDescription(
                "Registry and path in front of all image names, for example registry.example/weft gives"
                        + " registry.example/weft/weft-node:0.1.0. Default: weft.dev.")
        @Size(max = 255)
        @ValidationRule(
                value = "!self.contains('://')",
                message = "images.registry takes no scheme: write registry.example/weft, not"
                        + " https://registry.example/weft")
        @ValidationRule(
                value = "!self.endsWith('/')",
                message = "images.registry must not end in a slash: write registry.example/weft")
        @ValidationRule(
                value =
                        "self.contains('://') || self.endsWith('/') ||"
                                + " self.matches('^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$')",
                message = "images.registry must be a host name, perhaps with a port and a path in lower case, for"
                        + " example registry.example:5000/weft")
        @Nullable
        String registry,

        @JsonPropertyDescription(
                "Secrets that open the registry, of namespace weft-system and, for the DNS servers, of kube-system. At most 16.")
        @Size(max = 16)
        List<PullSecret> pullSecrets) {

    /** Nothing said. */
    public static final ImagesSpec EMPTY = new ImagesSpec(null, List.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public ImagesSpec {
        pullSecrets = pullSecrets == null ? List.of() : List.copyOf(pullSecrets);
    }
}
