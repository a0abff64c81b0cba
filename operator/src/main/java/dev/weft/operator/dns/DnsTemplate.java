package dev.weft.operator.dns;

import dev.weft.api.DnsSpec;
import dev.weft.api.ImagesSpec;
import dev.weft.operator.revision.Names;
import dev.weft.operator.template.PodParts;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The pod of a DNS server. It meets the restricted pod security standard. */
final class DnsTemplate {
    private static final String CONTAINER = "dns";
    private static final String CONFIG = "config";
    private static final String TMP = "tmp";
    private static final long USER = 65532;
    private static final int HTTP = 9153;
    private static final String UDP = "UDP";
    private static final String TCP = "TCP";

    private static final Map<String, Quantity> REQUESTS =
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("128Mi"));

    private DnsTemplate() {}

    /** @param nodeSelector labels of the nodes that have a pod network */
    static PodTemplateSpec of(
            DnsSpec dns, ImagesSpec images, Map<String, String> nodeSelector, String image, String version) {
        Map<String, String> labels = new TreeMap<>(selector());
        labels.put(Names.PART_OF, "weft");
        labels.put(Names.APP_VERSION, version);
        Map<String, String> nodes = new TreeMap<>(nodeSelector);
        nodes.putAll(dns.nodeSelector());
        nodes.put("kubernetes.io/os", "linux");
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(Names.DNS)
                .withPriorityClassName(Objects.requireNonNullElse(dns.priorityClassName(), "system-cluster-critical"))
                // It must not ask itself.
                .withDnsPolicy("Default")
                // After SIGTERM it answers for 10 s more, until every node has heard that it goes.
                .withTerminationGracePeriodSeconds(30L)
                .withNodeSelector(nodes)
                .withTolerations(tolerations(dns))
                .withAffinity(apart())
                .withTopologySpreadConstraints(spread("kubernetes.io/hostname"), spread("topology.kubernetes.io/zone"))
                .withImagePullSecrets(PodParts.pullSecrets(images))
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                // Port 53 without a capability; one of the sysctls that Kubernetes calls safe.
                .withSysctls(new Sysctl("net.ipv4.ip_unprivileged_port_start", "53"))
                .endSecurityContext()
                .withContainers(container(dns, image))
                .addNewVolume()
                .withName(CONFIG)
                .withNewConfigMap()
                .withName(Names.DNS)
                .addNewItem()
                .withKey(DnsObjects.CONFIG_KEY)
                .withPath(DnsObjects.CONFIG_KEY)
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

    /** What the Service and the Deployment know the pods by. */
    static Map<String, String> selector() {
        return new TreeMap<>(Map.of(Names.APP_NAME, Names.DNS));
    }

    private static Container container(DnsSpec dns, String image) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withEnv(PodParts.env(dns.env()))
                .withPorts(port("dns", 53, UDP), port("dns-tcp", 53, TCP), port("metrics", HTTP, TCP))
                .withNewResources()
                .withRequests(PodParts.merged(REQUESTS, dns.resources().requests()))
                .withLimits(PodParts.merged(Map.of(), dns.resources().limits()))
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withRunAsNonRoot(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withStartupProbe(PodParts.probe("/health", HTTP, 2, 60))
                .withReadinessProbe(PodParts.probe("/ready", HTTP, 2, 3))
                .withLivenessProbe(PodParts.probe("/health", HTTP, 10, 6))
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

    private static ContainerPort port(String name, int number, String protocol) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol(protocol)
                .build();
    }

    private static List<Toleration> tolerations(DnsSpec dns) {
        return dns.tolerations().isEmpty()
                ? Stream.of("CriticalAddonsOnly", "node-role.kubernetes.io/control-plane")
                        .map(PodParts::exists)
                        .toList()
                : PodParts.tolerations(dns.tolerations());
    }

    /** Preferred, not required: a cluster of one node can roll over as well. */
    private static Affinity apart() {
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withTopologyKey("kubernetes.io/hostname")
                .withLabelSelector(podsForAll())
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }

    private static TopologySpreadConstraint spread(String key) {
        return new TopologySpreadConstraintBuilder()
                .withTopologyKey(key)
                .withMaxSkew(1)
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withLabelSelector(podsForAll())
                .build();
    }

    /** Without those that serve one node each: they are everywhere, so they say nothing of how the others are spread. */
    static LabelSelector podsForAll() {
        return new LabelSelectorBuilder(pods())
                .addNewMatchExpression()
                .withKey(Names.DNS_PLACEMENT)
                .withOperator("DoesNotExist")
                .endMatchExpression()
                .build();
    }

    static LabelSelector pods() {
        return new LabelSelectorBuilder().withMatchLabels(selector()).build();
    }
}
