package dev.weft.operator.dns;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.DnsSpec;
import dev.weft.operator.revision.Names;
import dev.weft.operator.servers.ServerObjects;
import dev.weft.operator.servers.ServerRelease;
import dev.weft.operator.servers.ServerRevision;
import dev.weft.operator.servers.ServerRollout;
import dev.weft.operator.template.PodParts;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The DNS servers that serve one node each: a DaemonSet of the same pods, with what is different on every node. */
final class NodeLocalServers {
    private static final String VALUE = "NodeLocal";
    private static final Map<String, String> LABELS = Map.of(Names.DNS_PLACEMENT, VALUE);

    /** A part of the nodes at once: on each of them both servers answer, and then the new one. */
    private static final String MAX_SURGE = "10%";

    private static final Map<String, Quantity> REQUESTS =
            Map.of("cpu", new Quantity("25m"), "memory", new Quantity("96Mi"));

    /** {@code java} reads this; two cores answer more than any node asks, and each thread has its memory. */
    private static final String JAVA_OPTIONS = "JDK_JAVA_OPTIONS";

    private static final String TWO_CORES = "-XX:ActiveProcessorCount=2";

    private NodeLocalServers() {}

    /** What the servers on each node should run. */
    static ServerRevision revision(ClusterNetworkSpec spec, ServerRelease release) {
        PodTemplateSpec forAll = DnsTemplate.of(
                spec.dns(),
                spec.images(),
                spec.nodeAgent().nodeSelector(),
                release.image(Names.DNS),
                release.version());
        return ServerRevision.of(template(spec.dns(), forAll));
    }

    /** The new one first: without ports of the host both fit on a node. */
    static DaemonSet of(ServerRollout rollout) {
        LabelSelector pods = new LabelSelectorBuilder(DnsTemplate.pods())
                .addToMatchLabels(LABELS)
                .build();
        return new ServerObjects(DnsObjects.KIND)
                .daemonSet(Names.DNS_NODE_LOCAL, rollout, pods, new IntOrString(MAX_SURGE), new IntOrString(0));
    }

    private static PodTemplateSpec template(DnsSpec dns, PodTemplateSpec forAll) {
        return new PodTemplateSpecBuilder(forAll)
                .editMetadata()
                .addToLabels(LABELS)
                .endMetadata()
                .editSpec()
                .withPriorityClassName(Objects.requireNonNullElse(dns.priorityClassName(), "system-node-critical"))
                .withTolerations(tolerations(dns))
                .withAffinity(null)
                .withTopologySpreadConstraints(List.of())
                .editFirstContainer()
                .addAllToEnv(ownEnv(dns))
                .editResources()
                .withRequests(PodParts.merged(REQUESTS, dns.resources().requests()))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }

    private static List<Toleration> tolerations(DnsSpec dns) {
        return dns.tolerations().isEmpty()
                ? List.of(new TolerationBuilder().withOperator("Exists").build())
                : PodParts.tolerations(dns.tolerations());
    }

    private static List<EnvVar> ownEnv(DnsSpec dns) {
        return dns.env().stream().anyMatch(e -> e.name().equals(JAVA_OPTIONS))
                ? List.of()
                : List.of(new EnvVarBuilder()
                        .withName(JAVA_OPTIONS)
                        .withValue(TWO_CORES)
                        .build());
    }
}
