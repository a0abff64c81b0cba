package dev.weft.operator.plan;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.NodeAgentSpec;
import dev.weft.operator.revision.Names;
import dev.weft.operator.template.PodParts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The pod of a node agent, without what depends on the name of its revision. */
final class NodeAgentTemplate {
    static final String CONTAINER = "node";
    static final String CONFIG_VOLUME = "config";
    static final int HEALTH_PORT = 9470;

    /** Of the node, same path inside: CNI configuration and shim; leases; the shim's socket. */
    private static final Map<String, String> HOST_PATHS = new TreeMap<>(Map.of(
            "cni-conf", "/etc/cni/net.d",
            "cni-bin", "/opt/cni/bin",
            "state", "/var/lib/weft",
            "run", "/run/weft"));

    private static final Map<String, Quantity> REQUESTS =
            Map.of("cpu", new Quantity("50m"), "memory", new Quantity("96Mi"));

    private NodeAgentTemplate() {}

    static PodTemplateSpec of(ClusterNetworkSpec spec, Settings settings) {
        NodeAgentSpec agent = spec.nodeAgent();
        Map<String, String> labels = Names.labels(Names.NODE_AGENT);
        labels.put(Names.APP_VERSION, settings.config().version());
        Map<String, String> nodeSelector = new TreeMap<>(agent.nodeSelector());
        nodeSelector.put("kubernetes.io/os", "linux");
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(Names.NODE_AGENT)
                .withPriorityClassName(Objects.requireNonNullElse(agent.priorityClassName(), "system-node-critical"))
                // Routes, links and nftables of the node are the work itself.
                .withHostNetwork(true)
                .withDnsPolicy("Default")
                // It stops within a second; the rest is for cleaning the node when Weft itself is being deleted.
                .withTerminationGracePeriodSeconds(30L)
                .withNodeSelector(nodeSelector)
                .withTolerations(tolerations(agent))
                .withImagePullSecrets(PodParts.pullSecrets(spec.images()))
                .withContainers(container(agent, settings))
                .withVolumes(volumes())
                .endSpec()
                .build();
    }

    private static Container container(NodeAgentSpec agent, Settings settings) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(settings.nodeImage())
                .withImagePullPolicy("IfNotPresent")
                .withEnv(env(agent))
                // Declared, so that the scheduler never puts two agents on one node.
                .addNewPort()
                .withName("health")
                .withContainerPort(HEALTH_PORT)
                .withHostPort(HEALTH_PORT)
                .withProtocol("TCP")
                .endPort()
                .withNewResources()
                .withRequests(PodParts.merged(REQUESTS, agent.resources().requests()))
                .withLimits(PodParts.merged(Map.of(), agent.resources().limits()))
                .endResources()
                // Privileged: sysctls in /proc/sys, pods' network namespaces, netlink and nftables of the node.
                .withNewSecurityContext()
                .withPrivileged(true)
                .withReadOnlyRootFilesystem(true)
                .endSecurityContext()
                .withStartupProbe(PodParts.probe("/healthz", HEALTH_PORT, 2, 60))
                .withReadinessProbe(PodParts.probe("/readyz", HEALTH_PORT, 3, 3))
                .withLivenessProbe(PodParts.probe("/healthz", HEALTH_PORT, 10, 6))
                .withVolumeMounts(mounts())
                .build();
    }

    private static List<EnvVar> env(NodeAgentSpec agent) {
        return Stream.concat(PodParts.whereItRuns().stream(), PodParts.env(agent.env()).stream())
                .toList();
    }

    /** A node without network carries the first three; without them nothing would ever start. */
    private static List<Toleration> tolerations(NodeAgentSpec agent) {
        if (agent.tolerations().isEmpty()) {
            return List.of(new TolerationBuilder().withOperator("Exists").build());
        }
        return Stream.concat(
                        Stream.of(
                                        "node.kubernetes.io/not-ready",
                                        "node.kubernetes.io/unreachable",
                                        "node.kubernetes.io/network-unavailable")
                                .map(PodParts::exists),
                        PodParts.tolerations(agent.tolerations()).stream())
                .toList();
    }

    private static List<VolumeMount> mounts() {
        return Stream.of(
                        HOST_PATHS.entrySet().stream().map(e -> mount(e.getKey(), e.getValue())),
                        Stream.of(
                                mount("tmp", "/tmp"),
                                new VolumeMountBuilder(mount(CONFIG_VOLUME, "/etc/weft"))
                                        .withReadOnly(true)
                                        .build()))
                .flatMap(s -> s)
                .toList();
    }

    private static VolumeMount mount(String name, String path) {
        return new VolumeMountBuilder().withName(name).withMountPath(path).build();
    }

    private static List<Volume> volumes() {
        return Stream.concat(
                        HOST_PATHS.entrySet().stream()
                                .map(e -> new VolumeBuilder()
                                        .withName(e.getKey())
                                        .withNewHostPath(e.getValue(), "DirectoryOrCreate")
                                        .build()),
                        Stream.of(
                                new VolumeBuilder()
                                        .withName("tmp")
                                        .withNewEmptyDir()
                                        .withMedium("Memory")
                                        .withSizeLimit(new Quantity("16Mi"))
                                        .endEmptyDir()
                                        .build(),
                                new VolumeBuilder()
                                        .withName(CONFIG_VOLUME)
                                        .withNewConfigMap()
                                        .withName(Names.NODE_AGENT)
                                        .addNewItem()
                                        .withKey("node.json")
                                        .withPath("node.json")
                                        .endItem()
                                        .endConfigMap()
                                        .build()))
                .toList();
    }
}
