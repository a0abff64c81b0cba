package dev.weft.operator.servers;

import dev.weft.api.ResourcesSpec;
import dev.weft.operator.revision.Names;
import dev.weft.operator.template.PodParts;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pod of a server. It meets the restricted pod security standard, writes no file but in memory, and reads its
 * configuration from {@code /etc/weft}.
 *
 * @param container name of the container
 * @param configKey the configuration's key in the ConfigMap, and its file's name
 * @param health where it answers {@code /health} and {@code /ready}
 * @param ports it serves
 * @param requests unless {@code resources} say otherwise
 */
public record ServerPod(
        ServerKind kind,
        String version,
        String image,
        String container,
        String configKey,
        int health,
        List<ContainerPort> ports,
        Map<String, Quantity> requests,
        ResourcesSpec resources,
        List<EnvVar> env) {
    private static final long USER = 65532;
    private static final String CONFIG = "config";
    private static final String TMP = "tmp";
    private static final String HOST_NAME = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";

    public ServerPod {
        ports = List.copyOf(ports);
        requests = Map.copyOf(requests);
        env = List.copyOf(env);
    }

    /** @param nodeSelector labels of the nodes it may run on, beside their being Linux */
    public PodTemplateSpec template(Map<String, String> nodeSelector) {
        Map<String, String> labels = new TreeMap<>(selector(kind));
        labels.put(Names.PART_OF, "weft");
        labels.put(Names.APP_VERSION, version);
        Map<String, String> nodes = new TreeMap<>(nodeSelector);
        nodes.put("kubernetes.io/os", "linux");
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(kind.name())
                .withNodeSelector(nodes)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(build())
                .addNewVolume()
                .withName(CONFIG)
                .withNewConfigMap()
                .withName(kind.name())
                .addNewItem()
                .withKey(configKey)
                .withPath(configKey)
                .endItem()
                .endConfigMap()
                .endVolume()
                .addNewVolume()
                .withName(TMP)
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(new Quantity("16Mi"))
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .build();
    }

    private Container build() {
        return new ContainerBuilder()
                .withName(container)
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withEnv(env)
                .withPorts(ports)
                .withNewResources()
                .withRequests(PodParts.merged(requests, resources.requests()))
                .withLimits(PodParts.merged(Map.of(), resources.limits()))
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withRunAsNonRoot(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withStartupProbe(PodParts.probe("/health", health, 2, 60))
                .withReadinessProbe(PodParts.probe("/ready", health, 2, 3))
                .withLivenessProbe(PodParts.probe("/health", health, 10, 6))
                .addNewVolumeMount()
                .withName(CONFIG)
                .withMountPath("/etc/weft")
                .withReadOnly(true)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName(TMP)
                .withMountPath("/tmp")
                .endVolumeMount()
                .build();
    }

    /** What Services, Deployments and people know the pods by. */
    public static Map<String, String> selector(ServerKind kind) {
        return new TreeMap<>(Map.of(Names.APP_NAME, kind.name()));
    }

    public static ContainerPort port(String name, int number, String protocol) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol(protocol)
                .build();
    }

    /** On nodes of their own. Preferred, not required: a cluster of one node can roll over as well. */
    public static Affinity apart(LabelSelector pods) {
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withTopologyKey(HOST_NAME)
                .withLabelSelector(pods)
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }

    /** Over nodes and zones alike, as far as it goes. */
    public static List<TopologySpreadConstraint> spread(LabelSelector pods) {
        return List.of(spread(HOST_NAME, pods), spread(ZONE, pods));
    }

    private static TopologySpreadConstraint spread(String key, LabelSelector pods) {
        return new TopologySpreadConstraintBuilder()
                .withTopologyKey(key)
                .withMaxSkew(1)
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withLabelSelector(pods)
                .build();
    }
}
