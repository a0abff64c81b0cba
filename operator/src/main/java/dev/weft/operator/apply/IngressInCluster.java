package dev.weft.operator.apply;

import dev.weft.operator.ingress.IngressObjects;
import dev.weft.operator.observe.IngressDiscovery;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The objects of the ingress proxies as the API server has them, those outside their namespace too. */
public final class IngressInCluster {
    private static final Map<String, String> OURS =
            Map.of(Names.MANAGED_BY, Names.FIELD_MANAGER, Names.APP_NAME, Names.INGRESS);

    private final KubernetesClient client;
    private final ServersInCluster proxies;

    public IngressInCluster(KubernetesClient client) {
        this.client = client;
        this.proxies = new ServersInCluster(client, IngressObjects.KIND);
    }

    /** See {@link ServersInCluster#runOnReady}. */
    public boolean runOnReady(List<NodeInfo> nodes) {
        return proxies.runOnReady(nodes);
    }

    /** See {@link ServersInCluster#endPods}. */
    public void endPods(long seconds) {
        proxies.endPods(seconds);
    }

    /** All that the operator applied, but for the bindings of cluster roles. */
    public List<HasMetadata> objects() {
        return Stream.<List<? extends HasMetadata>>of(
                        new IngressDiscovery(client).gatewayClassesOfWeft(),
                        client.network()
                                .v1()
                                .ingressClasses()
                                .withLabels(OURS)
                                .list()
                                .getItems(),
                        proxies.objects(),
                        client.rbac()
                                .roleBindings()
                                .inNamespace(Names.NAMESPACE)
                                .withLabels(OURS)
                                .list()
                                .getItems())
                .flatMap(List::stream)
                .map(HasMetadata.class::cast)
                .toList();
    }

    /** What the proxies made for Gateways. */
    public List<? extends HasMetadata> gatewayServices() {
        return client.services()
                .inNamespace(Names.NAMESPACE)
                .withLabel(Names.MANAGED_BY, Names.INGRESS)
                .list()
                .getItems();
    }
}
