package dev.weft.operator.observe;

import dev.weft.api.ClusterNetwork;
import dev.weft.net.Ip;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The informers in the DNS servers' namespace: what the operator applied there, by label, and the servers' pods. */
final class DnsCaches {
    /** Beside {@code dns.json} in the servers' ConfigMap. */
    private static final String COREFILE = "Corefile";

    private final InformerEventSource<ConfigMap, ClusterNetwork> configMaps;
    private final InformerEventSource<Deployment, ClusterNetwork> deployments;
    private final InformerEventSource<DaemonSet, ClusterNetwork> daemonSets;
    private final InformerEventSource<Service, ClusterNetwork> services;
    private final InformerEventSource<Service, ClusterNetwork> taken;
    private final InformerEventSource<Pod, ClusterNetwork> pods;
    private final List<InformerEventSource<? extends HasMetadata, ClusterNetwork>> managed;

    DnsCaches(EventSourceContext<ClusterNetwork> context) {
        configMaps = new InformerEventSource<>(managed(ConfigMap.class), context);
        deployments = new InformerEventSource<>(managed(Deployment.class), context);
        daemonSets = new InformerEventSource<>(managed(DaemonSet.class), context);
        services = new InformerEventSource<>(managed(Service.class), context);
        managed = List.of(
                configMaps,
                deployments,
                daemonSets,
                services,
                new InformerEventSource<>(managed(ServiceAccount.class), context),
                new InformerEventSource<>(managed(PodDisruptionBudget.class), context));
        taken = new InformerEventSource<>(
                Caches.from(Service.class)
                        .withName("DnsTaken")
                        .withNamespaces(Set.of(Names.DNS_NAMESPACE))
                        .withLabelSelector(Names.DNS_TAKEN)
                        .build(),
                context);
        pods = new InformerEventSource<>(Caches.pods("DnsPod", Names.DNS_NAMESPACE, Names.DNS), context);
    }

    private static <R extends HasMetadata> InformerEventSourceConfiguration<R> managed(Class<R> type) {
        return Caches.managed(type)
                .withName("Dns" + type.getSimpleName())
                .withNamespaces(Set.of(Names.DNS_NAMESPACE))
                .build();
    }

    List<InformerEventSource<? extends HasMetadata, ClusterNetwork>> managed() {
        return managed;
    }

    List<InformerEventSource<? extends HasMetadata, ClusterNetwork>> others() {
        return List.of(taken, pods);
    }

    DnsServers servers() {
        return new DnsServers(
                deployments
                        .list(d -> d.getMetadata().getName().equals(Names.DNS))
                        .findFirst()
                        .map(Workload::read),
                daemonSets
                        .list(d -> d.getMetadata().getName().equals(Names.DNS_NODE_LOCAL))
                        .findFirst()
                        .map(Workload::read),
                Caches.pods(pods),
                configMaps
                        .list(c -> c.getMetadata().getName().equals(Names.DNS))
                        .findFirst()
                        .flatMap(c ->
                                Optional.ofNullable(Readers.orEmpty(c.getData()).get(COREFILE))),
                List.of());
    }

    /** Of the servers that are ready, by name of the pod. */
    Map<String, Ip> addresses() {
        return Caches.addresses(pods);
    }

    String serviceVersion() {
        return Stream.concat(services.list(object -> true), taken.list(object -> true))
                .map(s -> s.getMetadata().getName() + s.getMetadata().getUid() + s.getSpec())
                .sorted()
                .collect(Collectors.joining());
    }

    Stream<HasMetadata> taken() {
        return taken.list(object -> true).map(HasMetadata.class::cast);
    }
}
