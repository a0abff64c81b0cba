package dev.weft.operator.ingress;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.IngressSpec;
import dev.weft.operator.revision.Content;
import dev.weft.operator.revision.Names;
import dev.weft.operator.servers.ServerPod;
import dev.weft.operator.servers.ServerRelease;
import dev.weft.operator.template.PodParts;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The pod of an ingress proxy. In the pod network it meets the restricted pod security standard, with ports as low as
 * anybody asks for. At a node's own addresses it is user 65532 as well unless one of its ports is below 1024: such a port
 * takes CAP_NET_BIND_SERVICE, which the kernel takes from a user other than root when it executes a program (Kubernetes
 * has no ambient capabilities, KEP-2763), so it is user 0 then, with this capability and no other.
 */
final class IngressTemplate {
    static final int HTTP = 9474;
    private static final String TCP = "TCP";

    /** On the pods: a hash of what a running proxy cannot be told anew. */
    private static final String API_SERVERS = "weft.dev/api-servers";

    /** The cluster's domain, by which proxies know names of Services in annotations. */
    private static final String DOMAIN = "WEFT_CLUSTER_DOMAIN";

    /** After the time for draining: until nodes have heard that it goes, and to end. */
    private static final int GRACE_SECONDS = 30;

    private static final Map<String, Quantity> REQUESTS =
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("192Mi"));

    private IngressTemplate() {}

    /** What a proxy in the pod network should run. */
    static PodTemplateSpec inPodNetwork(
            ClusterNetworkSpec spec, IngressSpec ingress, IngressSettings settings, ServerRelease release) {
        return new PodTemplateSpecBuilder(common(spec, ingress, settings, release))
                .editSpec()
                .withAffinity(ServerPod.apart(behindService()))
                .withTopologySpreadConstraints(ServerPod.spread(behindService()))
                .editSecurityContext()
                // Gateways choose their ports. One of the sysctls that Kubernetes calls safe.
                .withSysctls(new Sysctl("net.ipv4.ip_unprivileged_port_start", "0"))
                .endSecurityContext()
                .endSpec()
                .build();
    }

    /** What a proxy at its node's own addresses should run. */
    static PodTemplateSpec onNode(
            ClusterNetworkSpec spec, IngressSpec ingress, IngressSettings settings, ServerRelease release) {
        PodTemplateSpec template = new PodTemplateSpecBuilder(common(spec, ingress, settings, release))
                .editMetadata()
                .addToLabels(IngressObjects.ON_NODES)
                .endMetadata()
                .editSpec()
                .withHostNetwork(true)
                .withDnsPolicy("ClusterFirstWithHostNet")
                .endSpec()
                .build();
        return settings.lowPorts() ? withLowPorts(template) : template;
    }

    private static PodTemplateSpec withLowPorts(PodTemplateSpec template) {
        return new PodTemplateSpecBuilder(template)
                .editSpec()
                .editSecurityContext()
                .withRunAsNonRoot(false)
                .withRunAsUser(0L)
                .withRunAsGroup(0L)
                .endSecurityContext()
                .editFirstContainer()
                .editSecurityContext()
                .withRunAsNonRoot(false)
                .editCapabilities()
                .withAdd("NET_BIND_SERVICE")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }

    private static PodTemplateSpec common(
            ClusterNetworkSpec spec, IngressSpec ingress, IngressSettings settings, ServerRelease release) {
        Map<String, String> nodes = new TreeMap<>(spec.nodeAgent().nodeSelector());
        nodes.putAll(ingress.placement().nodeSelector());
        ServerPod pod = new ServerPod(
                IngressObjects.KIND,
                release.version(),
                release.image(Names.INGRESS),
                "ingress",
                IngressObjects.CONFIG_KEY,
                HTTP,
                List.of(
                        ServerPod.port("http", settings.httpPort(), TCP),
                        ServerPod.port("https", settings.httpsPort(), TCP),
                        ServerPod.port("metrics", HTTP, TCP)),
                REQUESTS,
                ingress.resources(),
                env(ingress, settings));
        return new PodTemplateSpecBuilder(pod.template(nodes))
                .editMetadata()
                .addToAnnotations(API_SERVERS, Content.name(release.apiServers().toString()))
                .endMetadata()
                .editSpec()
                .withPriorityClassName(
                        Objects.requireNonNullElse(ingress.priorityClassName(), "system-cluster-critical"))
                .withTerminationGracePeriodSeconds((long) settings.drainSeconds() + GRACE_SECONDS)
                .withTolerations(PodParts.tolerations(ingress.placement().tolerations()))
                .withImagePullSecrets(PodParts.pullSecrets(spec.images()))
                .endSpec()
                .build();
    }

    private static List<EnvVar> env(IngressSpec ingress, IngressSettings settings) {
        List<EnvVar> env = new ArrayList<>(PodParts.whereItRuns());
        env.add(new EnvVarBuilder()
                .withName(DOMAIN)
                .withValue(settings.domain())
                .build());
        env.addAll(PodParts.env(ingress.env()));
        return env;
    }

    static LabelSelector pods() {
        return new LabelSelectorBuilder()
                .withMatchLabels(ServerPod.selector(IngressObjects.KIND))
                .build();
    }

    /** Without those at nodes' own addresses. */
    static LabelSelector behindService() {
        return new LabelSelectorBuilder(pods())
                .addNewMatchExpression()
                .withKey(Names.INGRESS_PLACEMENT)
                .withOperator("DoesNotExist")
                .endMatchExpression()
                .build();
    }
}
