package dev.weft.operator.apply;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The objects of Weft's own DNS servers, without a Service that was another's before. */
public final class DnsServerObjects {
    private static final Map<String, String> OURS =
            Map.of(Names.MANAGED_BY, Names.FIELD_MANAGER, Names.APP_NAME, Names.DNS);

    private final KubernetesClient client;

    public DnsServerObjects(KubernetesClient client) {
        this.client = client;
    }

    /** Whether a server's pod is still on one of the nodes. */
    public boolean runOn(Set<String> nodes) {
        return client
                .pods()
                .inNamespace(Names.DNS_NAMESPACE)
                .withLabel(Names.APP_NAME, Names.DNS)
                .list()
                .getItems()
                .stream()
                .anyMatch(pod -> nodes.contains(pod.getSpec().getNodeName()));
    }

    /** All of them that are there, read from the API server. */
    public List<HasMetadata> objects() {
        return Stream.<List<? extends HasMetadata>>of(
                        client.services()
                                .inNamespace(Names.DNS_NAMESPACE)
                                .withLabels(OURS)
                                .list()
                                .getItems(),
                        client.apps()
                                .deployments()
                                .inNamespace(Names.DNS_NAMESPACE)
                                .withLabels(OURS)
                                .list()
                                .getItems(),
                        client.apps()
                                .daemonSets()
                                .inNamespace(Names.DNS_NAMESPACE)
                                .withLabels(OURS)
                                .list()
                                .getItems(),
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(Names.DNS_NAMESPACE)
                                .withLabels(OURS)
                                .list()
                                .getItems(),
                        client.configMaps()
                                .inNamespace(Names.DNS_NAMESPACE)
                                .withLabels(OURS)
                                .list()
                                .getItems(),
                        client.serviceAccounts()
                                .inNamespace(Names.DNS_NAMESPACE)
                                .withLabels(OURS)
                                .list()
                                .getItems())
                .flatMap(List::stream)
                .map(HasMetadata.class::cast)
                .toList();
    }
}
