package dev.weft.operator.plan;

import dev.weft.operator.revision.Names;
import dev.weft.operator.revision.Revision;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.util.Map;
import java.util.TreeMap;

/** The DaemonSet that takes everything off the nodes: the same image with another command, on every node. */
final class CleanupObjects {
    private CleanupObjects() {}

    static HasMetadata of(Revision revision) {
        return new DaemonSetBuilder()
                .withNewMetadata()
                .withName(Names.CLEANUP)
                .withNamespace(Names.NAMESPACE)
                .withLabels(Names.labels(Names.CLEANUP))
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .withMatchLabels(Map.of(Names.APP_NAME, Names.CLEANUP))
                .endSelector()
                .withTemplate(template(revision))
                .endSpec()
                .build();
    }

    private static PodTemplateSpec template(Revision revision) {
        PodTemplateSpec agent = revision.podTemplate();
        Map<String, String> labels = new TreeMap<>(agent.getMetadata().getLabels());
        labels.put(Names.APP_NAME, Names.CLEANUP);
        return new PodTemplateSpecBuilder(agent)
                .editMetadata()
                .withLabels(labels)
                .endMetadata()
                .editSpec()
                .withTolerations(new TolerationBuilder().withOperator("Exists").build())
                .editMatchingVolume(v -> NodeAgentTemplate.CONFIG_VOLUME.equals(v.getName()))
                .editConfigMap()
                .withName(Names.nodeAgent(revision.name()))
                .endConfigMap()
                .endVolume()
                // The folders above our own, so that these can go as well: a mount cannot be removed.
                .editMatchingVolume(v -> v.getName().equals("state"))
                .withNewHostPath("/var/lib", "Directory")
                .endVolume()
                .editMatchingVolume(v -> v.getName().equals("run"))
                .withNewHostPath("/run", "Directory")
                .endVolume()
                .withContainers(cleaning(agent.getSpec().getContainers().getFirst()))
                .endSpec()
                .build();
    }

    private static Container cleaning(Container agent) {
        return new ContainerBuilder(agent)
                .withArgs("cleanup")
                .editMatchingVolumeMount(m -> m.getName().equals("state"))
                .withMountPath("/var/lib")
                .endVolumeMount()
                .editMatchingVolumeMount(m -> m.getName().equals("run"))
                .withMountPath("/run")
                .endVolumeMount()
                // Readiness says that the node is clean; a clean-up that takes long must not be restarted.
                .withStartupProbe(null)
                .withLivenessProbe(null)
                .build();
    }
}
