package dev.weft.operator.apply;

import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.revision.Names;
import dev.weft.operator.servers.ServerKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The objects of Weft's servers of one kind as the API server has them, without a Service that was another's before. */
public final class ServersInCluster {
    private final KubernetesClient client;
    private final ServerKind kind;
    private final Map<String, String> ours;

    public ServersInCluster(KubernetesClient client, ServerKind kind) {
        this.client = client;
        this.kind = kind;
        this.ours = Map.of(Names.MANAGED_BY, Names.FIELD_MANAGER, Names.APP_NAME, kind.name());
    }

    /** Whether a server's pod is still on one of the nodes that are ready: one on another node does not end. */
    public boolean runOnReady(List<NodeInfo> nodes) {
        Set<String> ready =
                nodes.stream().filter(NodeInfo::ready).map(NodeInfo::name).collect(Collectors.toSet());
        return pods().list().getItems().stream()
                .anyMatch(pod -> ready.contains(pod.getSpec().getNodeName()));
    }

    /** Ends the pods within so many seconds, whatever time they were given. */
    public void endPods(long seconds) {
        pods().withGracePeriod(seconds).delete();
    }

    private FilterWatchListDeletable<Pod, PodList, PodResource> pods() {
        return client.pods().inNamespace(kind.namespace()).withLabel(Names.APP_NAME, kind.name());
    }

    /** All of them that are there. */
    public List<HasMetadata> objects() {
        String namespace = kind.namespace();
        return Stream.<List<? extends HasMetadata>>of(
                        client.services()
                                .inNamespace(namespace)
                                .withLabels(ours)
                                .list()
                                .getItems(),
                        client.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .withLabels(ours)
                                .list()
                                .getItems(),
                        client.apps()
                                .daemonSets()
                                .inNamespace(namespace)
                                .withLabels(ours)
                                .list()
                                .getItems(),
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(namespace)
                                .withLabels(ours)
                                .list()
                                .getItems(),
                        client.configMaps()
                                .inNamespace(namespace)
                                .withLabels(ours)
                                .list()
                                .getItems(),
                        client.serviceAccounts()
                                .inNamespace(namespace)
                                .withLabels(ours)
                                .list()
                                .getItems())
                .flatMap(List::stream)
                .map(HasMetadata.class::cast)
                .toList();
    }
}
