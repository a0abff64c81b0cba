package dev.weft.operator.apply;

import dev.weft.operator.handover.Handover;
import dev.weft.operator.observe.KubeProxy;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * kube-proxy's own objects: its DaemonSet, which is made to leave nodes that Weft serves, and its pods, which are looked
 * at only on nodes that are on their way.
 */
public final class KubeProxyObjects {
    /** Of its own in managedFields: what it owns is known from what the operator owns elsewhere. */
    private static final String FIELD_MANAGER = "weft-kube-proxy";

    private final KubernetesClient client;

    public KubeProxyObjects(KubernetesClient client) {
        this.client = client;
    }

    /** Nodes of these that have a pod of kube-proxy, and whether it is ready; one that terminates still runs. */
    public Map<String, Boolean> pods(KubeProxy.InDaemonSet kubeProxy, Collection<String> nodes) {
        Map<String, Boolean> ready = new TreeMap<>();
        for (String node : nodes) {
            List<Pod> pods = client.pods()
                    .inNamespace(kubeProxy.namespace())
                    .withLabels(kubeProxy.selector())
                    .withField("spec.nodeName", node)
                    .list()
                    .getItems();
            if (!pods.isEmpty()) {
                ready.put(node, pods.stream().anyMatch(KubeProxyObjects::isReady));
            }
        }
        return ready;
    }

    private static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    /** Changes the DaemonSet; one that is gone is left so. */
    public void change(KubeProxy.InDaemonSet kubeProxy, Handover.Change change) {
        DaemonSet live = client.apps()
                .daemonSets()
                .inNamespace(kubeProxy.namespace())
                .withName(kubeProxy.name())
                .get();
        if (live == null) {
            return;
        }
        switch (change) {
            case NONE -> {}
            case YIELD -> yieldNodes(live);
            case RESTORE -> restore(live);
        }
    }

    /** Every way of choosing a node gets the condition that Weft does not serve it. */
    private void yieldNodes(DaemonSet live) {
        Optional<Affinity> affinity =
                Optional.ofNullable(live.getSpec().getTemplate().getSpec().getAffinity());
        String original = annotation(live)
                .orElseGet(() -> affinity.map(client.getKubernetesSerialization()::asJson)
                        .orElse(""));
        List<NodeSelectorTerm> terms = affinity.map(Affinity::getNodeAffinity)
                .map(a -> a.getRequiredDuringSchedulingIgnoredDuringExecution())
                .map(r -> r.getNodeSelectorTerms())
                .filter(t -> !t.isEmpty())
                .orElse(List.of(new NodeSelectorTerm()));
        List<NodeSelectorTerm> yielding = terms.stream()
                .map(t -> new NodeSelectorTermBuilder(t)
                        .removeMatchingFromMatchExpressions(e -> e.getKey().equals(Names.KUBE_PROXY))
                        .addNewMatchExpression()
                        .withKey(Names.KUBE_PROXY)
                        .withOperator("NotIn")
                        .withValues(Names.KUBE_PROXY_AWAY)
                        .endMatchExpression()
                        .build())
                .toList();
        Map<String, Object> wanted = Map.of(
                "apiVersion",
                "apps/v1",
                "kind",
                "DaemonSet",
                "metadata",
                Map.of(
                        "name", live.getMetadata().getName(),
                        "namespace", live.getMetadata().getNamespace(),
                        "labels", Map.of(Names.KUBE_PROXY, "yields"),
                        "annotations", Map.of(Names.KUBE_PROXY_AFFINITY, original)),
                "spec",
                Map.of(
                        "template",
                        Map.of(
                                "spec",
                                Map.of(
                                        "affinity",
                                        Map.of(
                                                "nodeAffinity",
                                                Map.of(
                                                        "requiredDuringSchedulingIgnoredDuringExecution",
                                                        Map.of("nodeSelectorTerms", yielding)))))));
        patch(
                live,
                new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(FIELD_MANAGER)
                        .withForce(true)
                        .build(),
                wanted);
    }

    /** The affinity as it was, to the letter; by merge patch, because apply would leave empty fields behind. */
    private void restore(DaemonSet live) {
        Optional<String> original = annotation(live);
        if (original.isEmpty()) {
            return;
        }
        Map<String, @Nullable String> label = new HashMap<>();
        label.put(Names.KUBE_PROXY, null);
        Map<String, @Nullable String> annotation = new HashMap<>();
        annotation.put(Names.KUBE_PROXY_AFFINITY, null);
        Map<String, @Nullable Object> spec = new HashMap<>();
        spec.put("affinity", original.get().isEmpty() ? null : affinity(original.get()));
        patch(
                live,
                new PatchContext.Builder()
                        .withPatchType(PatchType.JSON_MERGE)
                        .withFieldManager(FIELD_MANAGER)
                        .build(),
                Map.of(
                        "metadata", Map.of("labels", label, "annotations", annotation),
                        "spec", Map.of("template", Map.of("spec", spec))));
    }

    /** A merge patch keeps what it does not name, so the condition on nodes is named even where there was none. */
    private Map<String, @Nullable Object> affinity(String original) {
        Affinity was = client.getKubernetesSerialization().unmarshal(original, Affinity.class);
        Map<String, @Nullable Object> node = new HashMap<>();
        node.put("requiredDuringSchedulingIgnoredDuringExecution", null);
        if (was.getNodeAffinity() != null) {
            node.put(
                    "requiredDuringSchedulingIgnoredDuringExecution",
                    was.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution());
        }
        Map<String, @Nullable Object> affinity = new HashMap<>();
        affinity.put("nodeAffinity", was.getNodeAffinity() == null ? null : node);
        return affinity;
    }

    private static Optional<String> annotation(DaemonSet live) {
        return Optional.ofNullable(live.getMetadata().getAnnotations()).map(a -> a.get(Names.KUBE_PROXY_AFFINITY));
    }

    private void patch(DaemonSet live, PatchContext context, Map<String, Object> patch) {
        try {
            client.apps()
                    .daemonSets()
                    .inNamespace(live.getMetadata().getNamespace())
                    .withName(live.getMetadata().getName())
                    .patch(context, client.getKubernetesSerialization().asJson(patch));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                throw new KubernetesClientException(
                        "the operator may patch DaemonSets named kube-proxy only; allow it to patch "
                                + Objects.requireNonNull(live.getMetadata().getName()) + ", or remove that one by hand",
                        e);
            }
            throw e;
        }
    }
}
