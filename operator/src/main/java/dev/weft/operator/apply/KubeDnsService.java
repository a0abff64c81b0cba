package dev.weft.operator.apply;

import dev.weft.operator.observe.ClusterDns;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Service kube-dns that the operator took over from another server. */
public final class KubeDnsService {
    private final KubernetesClient client;

    public KubeDnsService(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Its selector as it was before; in one patch, so that it never leads nowhere. The mark stays, with another value, until
     * {@link #letGo}. One that is gone is left so.
     */
    public void handBack() {
        Service live = live();
        if (live == null || ClusterDns.read(live).owner() != ClusterDns.Owner.TAKEN) {
            return;
        }
        Map<String, @Nullable String> selector = new HashMap<>();
        live.getSpec().getSelector().keySet().forEach(key -> selector.put(key, null));
        selector.putAll(ClusterDns.read(live).selector());
        Map<String, @Nullable String> annotation = new HashMap<>();
        annotation.put(Names.DNS_SELECTOR, null);
        annotation.put(Names.DNS_DISTRIBUTION, null);
        Map<String, @Nullable Object> spec = new HashMap<>();
        spec.put("selector", selector);
        spec.put(
                "trafficDistribution",
                ClusterDns.read(live).formerDistribution().orElse(null));
        patch(
                live,
                Map.of(
                        "metadata",
                        Map.of("labels", Map.of(Names.DNS_TAKEN, Names.DNS_RETURNED), "annotations", annotation),
                        "spec",
                        spec));
    }

    /** Takes the mark off one that was handed back: nothing of Weft is left on it. */
    public void letGo() {
        Service live = live();
        if (live == null || ClusterDns.read(live).owner() != ClusterDns.Owner.RETURNED) {
            return;
        }
        Map<String, @Nullable String> label = new HashMap<>();
        label.put(Names.DNS_TAKEN, null);
        patch(live, Map.of("metadata", Map.of("labels", label)));
    }

    private @Nullable Service live() {
        return client.services()
                .inNamespace(Names.DNS_NAMESPACE)
                .withName(Names.DNS_SERVICE)
                .get();
    }

    private void patch(Service live, Map<String, ?> change) {
        client.resource(live)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(Names.FIELD_MANAGER)
                                .build(),
                        client.getKubernetesSerialization().asJson(change));
    }
}
