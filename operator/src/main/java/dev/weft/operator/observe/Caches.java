package dev.weft.operator.observe;

import dev.weft.api.ClusterNetwork;
import dev.weft.net.Ip;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The informers: nodes, trimmed; pods of agents, trimmed; and by label what the operator applied, so that a change by
 * someone else is seen at once. Nothing else of the cluster is kept in memory.
 */
public final class Caches {
    private static final ResourceID THE_NETWORK = new ResourceID(ClusterNetwork.NAME);

    private final InformerEventSource<Node, ClusterNetwork> nodes;
    private final InformerEventSource<Pod, ClusterNetwork> pods;
    private final InformerEventSource<ConfigMap, ClusterNetwork> configMaps;
    private final InformerEventSource<DaemonSet, ClusterNetwork> daemonSets;
    private final InformerEventSource<DaemonSet, ClusterNetwork> kubeProxy;
    private final DnsCaches dns;
    private final IngressCaches ingress;
    private final List<InformerEventSource<? extends HasMetadata, ClusterNetwork>> managed;

    public Caches(EventSourceContext<ClusterNetwork> context) {
        nodes = new InformerEventSource<>(
                from(Node.class)
                        .withItemStore(TrimmedStore.ofNodes())
                        // A kubelet renews its Node every few minutes without a change that matters.
                        .withOnUpdateFilter((now, before) -> !Readers.node(now).equals(Readers.node(before)))
                        .build(),
                context);
        pods = new InformerEventSource<>(
                from(Pod.class)
                        .withNamespaces(Set.of(Names.NAMESPACE))
                        .withLabelSelector(Names.POD_SELECTOR)
                        .withItemStore(TrimmedStore.ofPods())
                        .withOnUpdateFilter((now, before) -> !Readers.pod(now).equals(Readers.pod(before)))
                        .build(),
                context);
        configMaps = new InformerEventSource<>(namespaced(ConfigMap.class), context);
        daemonSets = new InformerEventSource<>(namespaced(DaemonSet.class), context);
        kubeProxy = new InformerEventSource<>(
                from(DaemonSet.class)
                        .withName("KubeProxy")
                        .withLabelSelector(Names.KUBE_PROXY)
                        .build(),
                context);
        dns = new DnsCaches(context);
        ingress = new IngressCaches(context);
        List<InformerEventSource<? extends HasMetadata, ClusterNetwork>> own = List.of(
                configMaps,
                daemonSets,
                new InformerEventSource<>(namespaced(ServiceAccount.class), context),
                new InformerEventSource<>(managed(ClusterRole.class).build(), context),
                new InformerEventSource<>(managed(ClusterRoleBinding.class).build(), context));
        managed = Stream.of(own, dns.managed(), ingress.managed())
                .flatMap(List::stream)
                .toList();
    }

    private static <R extends HasMetadata> InformerEventSourceConfiguration<R> namespaced(Class<R> type) {
        return managed(type).withNamespaces(Set.of(Names.NAMESPACE)).build();
    }

    static <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> managed(Class<R> type) {
        return from(type).withLabelSelector(Names.MANAGED_SELECTOR);
    }

    static <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> from(Class<R> type) {
        return InformerEventSourceConfiguration.from(type, ClusterNetwork.class)
                .withName(type.getSimpleName())
                .withSecondaryToPrimaryMapper(object -> Set.of(THE_NETWORK));
    }

    /** Of servers' pods, trimmed. */
    static InformerEventSourceConfiguration<Pod> pods(String name, String namespace, String application) {
        return from(Pod.class)
                .withName(name)
                .withNamespaces(Set.of(namespace))
                .withLabelSelector(Names.APP_NAME + "=" + application)
                .withItemStore(TrimmedStore.ofPods())
                .withOnUpdateFilter((now, before) -> !Readers.pod(now).equals(Readers.pod(before)))
                .build();
    }

    /** Sorted by name. */
    static List<AgentPod> pods(InformerEventSource<Pod, ClusterNetwork> source) {
        return source.list(object -> true)
                .map(Readers::pod)
                .sorted(Comparator.comparing(AgentPod::name))
                .toList();
    }

    /** Of ready pods, by their names. */
    static Map<String, Ip> addresses(InformerEventSource<Pod, ClusterNetwork> source) {
        return source.list(pod -> Readers.pod(pod).ready())
                .filter(pod -> pod.getStatus().getPodIP() != null)
                .collect(Collectors.toMap(
                        pod -> pod.getMetadata().getName(),
                        pod -> Ip.parse(pod.getStatus().getPodIP())));
    }

    public List<EventSource<?, ClusterNetwork>> eventSources() {
        List<EventSource<?, ClusterNetwork>> all = new ArrayList<>(managed);
        all.add(nodes);
        all.add(pods);
        all.add(kubeProxy);
        all.addAll(dns.others());
        all.addAll(ingress.others());
        return all;
    }

    public List<NodeInfo> nodes() {
        return nodes.list(object -> true).map(Readers::node).toList();
    }

    public List<AgentPod> pods() {
        return pods.list(object -> true).map(Readers::pod).toList();
    }

    public List<ConfigMap> configMaps() {
        return configMaps.list(object -> true).toList();
    }

    public List<DaemonSet> daemonSets() {
        return daemonSets.list(object -> true).toList();
    }

    /**
     * What the operator changed of others: kube-proxy's DaemonSet. It carries a label of ours, so no other is kept, and a
     * change by someone else is seen.
     */
    public String kubeProxyVersion() {
        return kubeProxy
                .list(object -> true)
                .map(d -> d.getMetadata().getName() + d.getMetadata().getGeneration())
                .sorted()
                .collect(Collectors.joining());
    }

    /** Weft's DNS servers. */
    public DnsServers dns() {
        return dns.servers();
    }

    /** Ready DNS servers: address by name of the pod. */
    public Map<String, Ip> dnsAddresses() {
        return dns.addresses();
    }

    /** Weft's ingress proxies. */
    public IngressServers ingress() {
        return ingress.servers(daemonSets());
    }

    /** Ready ingress proxies: address by name of the pod. */
    public Map<String, Ip> ingressAddresses() {
        return ingress.addresses();
    }

    /** Services that ingress proxies made for Gateways. */
    public List<Service> gatewayServices() {
        return ingress.gatewayServices();
    }

    /** Changes when somebody changes a DNS Service of Weft or one that Weft took over. */
    public String dnsServiceVersion() {
        return dns.serviceVersion();
    }

    /** What an informer last saw of this managed object, or of the Service that was taken over. */
    public Optional<HasMetadata> cached(HasMetadata object) {
        return Stream.concat(managed(), dns.taken())
                .filter(o -> o.getKind().equals(object.getKind())
                        && o.getMetadata().getName().equals(object.getMetadata().getName()))
                .findFirst();
    }

    /** Every object that carries the operator's label. */
    public Stream<HasMetadata> managed() {
        return managed.stream().flatMap(source -> source.list(object -> true));
    }
}
