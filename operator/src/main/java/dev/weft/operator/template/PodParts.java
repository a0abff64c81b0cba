package dev.weft.operator.template;

import dev.weft.api.EnvVarSpec;
import dev.weft.api.ImagesSpec;
import dev.weft.api.PullSecret;
import dev.weft.api.TolerationSpec;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Parts of a pod template, from the words of the API. */
public final class PodParts {
    private static final int PROBE_TIMEOUT_SECONDS = 2;

    private PodParts() {}

    public static List<LocalObjectReference> pullSecrets(ImagesSpec images) {
        return images.pullSecrets().stream()
                .map(PullSecret::name)
                .map(LocalObjectReference::new)
                .toList();
    }

    public static List<EnvVar> env(List<EnvVarSpec> env) {
        return env.stream()
                .map(e -> new EnvVarBuilder()
                        .withName(e.name())
                        .withValue(e.value())
                        .build())
                .toList();
    }

    /** What a pod wants to know of itself. */
    public static List<EnvVar> whereItRuns() {
        return List.of(
                downward("NODE_NAME", "spec.nodeName"),
                downward("POD_NAME", "metadata.name"),
                downward("POD_NAMESPACE", "metadata.namespace"));
    }

    private static EnvVar downward(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", path)
                .endValueFrom()
                .build();
    }

    public static List<Toleration> tolerations(List<TolerationSpec> tolerations) {
        return tolerations.stream()
                .map(t -> new TolerationBuilder()
                        .withKey(t.key())
                        .withOperator(t.operator())
                        .withValue(t.value())
                        .withEffect(t.effect())
                        .build())
                .toList();
    }

    /** Of a taint with any value and effect. */
    public static Toleration exists(String taint) {
        return new TolerationBuilder().withKey(taint).withOperator("Exists").build();
    }

    /** Requests or limits: the defaults with what the user says in their place. */
    public static Map<String, Quantity> merged(Map<String, Quantity> defaults, Map<String, Quantity> own) {
        Map<String, Quantity> merged = new TreeMap<>(defaults);
        merged.putAll(own);
        return merged;
    }

    /** @param port of the pod */
    public static Probe probe(String path, int port, int periodSeconds, int failureThreshold) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort(port)
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(PROBE_TIMEOUT_SECONDS)
                .withFailureThreshold(failureThreshold)
                .build();
    }
}
