package dev.weft.operator.plan;

import dev.weft.operator.revision.Names;
import dev.weft.operator.revision.Revision;
import dev.weft.operator.revision.StoredRevision;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The objects of one revision: a ConfigMap and a DaemonSet. Each of the two holds the whole revision, the DaemonSet in
 * annotations, so that either can be restored from the other.
 */
final class NodeAgentObjects {
    private NodeAgentObjects() {}

    /** @param stable whether it also serves nodes that are not pinned to a revision */
    static List<HasMetadata> of(Revision revision, boolean stable) {
        return List.of(configMap(revision), daemonSet(revision, stable));
    }

    private static ConfigMap configMap(Revision revision) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(Names.nodeAgent(revision.name()))
                .withNamespace(Names.NAMESPACE)
                .withLabels(labels(revision))
                .endMetadata()
                // Never changes under a running agent.
                .withImmutable(true)
                .withData(revision.data())
                .build();
    }

    private static DaemonSet daemonSet(Revision revision, boolean stable) {
        Map<String, String> labels = labels(revision);
        labels.put(Names.STABLE, Boolean.toString(stable));
        return new DaemonSetBuilder()
                .withNewMetadata()
                .withName(Names.nodeAgent(revision.name()))
                .withNamespace(Names.NAMESPACE)
                .withLabels(labels)
                .withAnnotations(StoredRevision.annotations(revision))
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .withMatchLabels(
                        new TreeMap<>(Map.of(Names.APP_NAME, Names.NODE_AGENT, Names.REVISION, revision.name())))
                .endSelector()
                // The template of a revision never changes. Were it edited by hand, no pod restarts before it is put
                // back.
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withTemplate(pinned(revision, stable))
                .endSpec()
                .build();
    }

    private static PodTemplateSpec pinned(Revision revision, boolean stable) {
        String name = Names.nodeAgent(revision.name());
        return new PodTemplateSpecBuilder(revision.podTemplate())
                .editMetadata()
                .addToLabels(Names.REVISION, revision.name())
                .endMetadata()
                .editSpec()
                .editMatchingVolume(v -> NodeAgentTemplate.CONFIG_VOLUME.equals(v.getName()))
                .editConfigMap()
                .withName(name)
                .endConfigMap()
                .endVolume()
                .editOrNewAffinity()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withNodeSelectorTerms(terms(revision, stable))
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .endAffinity()
                .endSpec()
                .build();
    }

    private static List<NodeSelectorTerm> terms(Revision revision, boolean stable) {
        List<NodeSelectorTerm> terms = new ArrayList<>();
        terms.add(new NodeSelectorTermBuilder()
                .addNewMatchExpression()
                .withKey(Names.REVISION)
                .withOperator("In")
                .withValues(revision.name())
                .endMatchExpression()
                .build());
        if (stable) {
            terms.add(new NodeSelectorTermBuilder()
                    .addNewMatchExpression()
                    .withKey(Names.REVISION)
                    .withOperator("DoesNotExist")
                    .endMatchExpression()
                    .build());
        }
        return terms;
    }

    private static Map<String, String> labels(Revision revision) {
        Map<String, String> labels = Names.labels(Names.NODE_AGENT);
        labels.put(Names.REVISION, revision.name());
        labels.put(Names.APP_VERSION, revision.config().version());
        return labels;
    }
}
