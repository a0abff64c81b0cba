package dev.weft.operator.apply;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pins nodes to revisions. By merge patch and not by server-side apply, which would bring back a Node that was deleted
 * in the meantime.
 */
public final class NodePins {
    private final KubernetesClient client;

    public NodePins(KubernetesClient client) {
        this.client = client;
    }

    public void pin(String node, String revision, Instant at) {
        patch(node, revision, at.toString());
    }

    /** Takes our label and annotation off a node; one that is gone is fine. */
    public void release(String node) {
        try {
            patch(node, null, null);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    /** Sets another of our labels; empty takes it off. */
    public void label(String node, String label, String value) {
        Map<String, @Nullable String> labels = new HashMap<>();
        labels.put(label, value.isEmpty() ? null : value);
        patch(node, Map.of("labels", labels));
    }

    private void patch(String node, @Nullable String revision, @Nullable String movedAt) {
        Map<String, @Nullable String> labels = new HashMap<>();
        labels.put(Names.REVISION, revision);
        if (revision == null) {
            labels.put(Names.KUBE_PROXY, null);
        }
        Map<String, @Nullable String> annotations = new HashMap<>();
        annotations.put(Names.MOVED_AT, movedAt);
        patch(node, Map.of("labels", labels, "annotations", annotations));
    }

    private void patch(String node, Map<String, Object> metadata) {
        String json = client.getKubernetesSerialization().asJson(Map.of("metadata", metadata));
        client.nodes()
                .withName(node)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(Names.FIELD_MANAGER)
                                .build(),
                        json);
    }
}
