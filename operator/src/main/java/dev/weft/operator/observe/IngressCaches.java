package dev.weft.operator.observe;

import dev.weft.api.ClusterNetwork;
import dev.weft.net.Ip;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The informers for the ingress proxies, beside those of the operator's namespace: what the operator applied, by label, the
 * proxies' pods, and the Services that they make for Gateways.
 */
final class IngressCaches {
    private final InformerEventSource<Deployment, ClusterNetwork> deployments;
    private final InformerEventSource<Service, ClusterNetwork> services;
    private final InformerEventSource<Service, ClusterNetwork> gatewayServices;
    private final InformerEventSource<Pod, ClusterNetwork> pods;
    private final List<InformerEventSource<? extends HasMetadata, ClusterNetwork>> managed;

    IngressCaches(EventSourceContext<ClusterNetwork> context) {
        deployments = new InformerEventSource<>(managed(Deployment.class), context);
        services = new InformerEventSource<>(managed(Service.class), context);
        managed = List.of(
                deployments,
                services,
                new InformerEventSource<>(managed(PodDisruptionBudget.class), context),
                new InformerEventSource<>(managed(RoleBinding.class), context),
                new InformerEventSource<>(Caches.managed(IngressClass.class).build(), context));
        gatewayServices = new InformerEventSource<>(
                Caches.from(Service.class)
                        .withName("GatewayService")
                        .withNamespaces(Set.of(Names.NAMESPACE))
                        .withLabelSelector(Names.MANAGED_BY + "=" + Names.INGRESS)
                        .build(),
                context);
        pods = new InformerEventSource<>(Caches.pods("IngressPod", Names.NAMESPACE, Names.INGRESS), context);
    }

    private static <R extends HasMetadata> InformerEventSourceConfiguration<R> managed(Class<R> type) {
        return Caches.managed(type)
                .withName("Ingress" + type.getSimpleName())
                .withNamespaces(Set.of(Names.NAMESPACE))
                .build();
    }

    List<InformerEventSource<? extends HasMetadata, ClusterNetwork>> managed() {
        return managed;
    }

    List<InformerEventSource<? extends HasMetadata, ClusterNetwork>> others() {
        return List.of(gatewayServices, pods);
    }

    /** @param daemonSets of the operator's namespace */
    IngressServers servers(List<DaemonSet> daemonSets) {
        return new IngressServers(
                deployments
                        .list(d -> d.getMetadata().getName().equals(Names.INGRESS))
                        .findFirst()
                        .map(Workload::read),
                daemonSets.stream()
                        .filter(d -> d.getMetadata().getName().equals(Names.INGRESS_ON_NODES))
                        .findFirst()
                        .map(Workload::read),
                Caches.pods(pods),
                services.list(s -> s.getMetadata().getName().equals(Names.INGRESS))
                        .findFirst()
                        .map(IngressServers::addresses)
                        .orElse(List.of()),
                List.of());
    }

    /** What the proxies made for Gateways. */
    List<Service> gatewayServices() {
        return gatewayServices.list(object -> true).toList();
    }

    /** Of the proxies that are ready, by name of the pod. */
    Map<String, Ip> addresses() {
        return Caches.addresses(pods);
    }
}
