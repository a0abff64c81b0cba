package dev.weft.operator.dns;

import dev.weft.api.DnsSpec;
import dev.weft.api.ImagesSpec;
import dev.weft.operator.revision.Names;
import dev.weft.operator.servers.ServerPod;
import dev.weft.operator.template.PodParts;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The pod of a DNS server. It meets the restricted pod security standard. */
final class DnsTemplate {
    private static final int HTTP = 9153;
    private static final String TCP = "TCP";

    private static final Map<String, Quantity> REQUESTS =
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("128Mi"));

    private DnsTemplate() {}

    /** @param nodeSelector labels of the nodes that have a pod network */
    static PodTemplateSpec of(
            DnsSpec dns, ImagesSpec images, Map<String, String> nodeSelector, String image, String version) {
        Map<String, String> nodes = new TreeMap<>(nodeSelector);
        nodes.putAll(dns.nodeSelector());
        ServerPod pod = new ServerPod(
                DnsObjects.KIND,
                version,
                image,
                "dns",
                DnsObjects.CONFIG_KEY,
                HTTP,
                List.of(
                        ServerPod.port("dns", 53, "UDP"),
                        ServerPod.port("dns-tcp", 53, TCP),
                        ServerPod.port("metrics", HTTP, TCP)),
                REQUESTS,
                dns.resources(),
                PodParts.env(dns.env()));
        return new PodTemplateSpecBuilder(pod.template(nodes))
                .editSpec()
                .withPriorityClassName(Objects.requireNonNullElse(dns.priorityClassName(), "system-cluster-critical"))
                // It must not ask itself.
                .withDnsPolicy("Default")
                // After SIGTERM it answers for 10 s more, until every node has heard that it goes.
                .withTerminationGracePeriodSeconds(30L)
                .withTolerations(tolerations(dns))
                .withAffinity(ServerPod.apart(podsForAll()))
                .withTopologySpreadConstraints(ServerPod.spread(podsForAll()))
                .withImagePullSecrets(PodParts.pullSecrets(images))
                .editSecurityContext()
                // Port 53 without a capability; one of the sysctls that Kubernetes calls safe.
                .withSysctls(new Sysctl("net.ipv4.ip_unprivileged_port_start", "53"))
                .endSecurityContext()
                .endSpec()
                .build();
    }

    /** What the Service and the Deployment know the pods by. */
    static Map<String, String> selector() {
        return ServerPod.selector(DnsObjects.KIND);
    }

    private static List<Toleration> tolerations(DnsSpec dns) {
        return dns.tolerations().isEmpty()
                ? Stream.of("CriticalAddonsOnly", "node-role.kubernetes.io/control-plane")
                        .map(PodParts::exists)
                        .toList()
                : PodParts.tolerations(dns.tolerations());
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
