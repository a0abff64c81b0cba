package dev.weft.operator.observe;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks the cluster about itself: by plain reads every few minutes, since none of this changes often. */
public final class Discovery {
    private static final Duration KEEP = Duration.ofMinutes(2);

    /** A kube-proxy that no object tells of is on all nodes or on none. */
    private static final int ASKED_NODES = 3;

    private static final String NETWORK_AND_POLICY = "pod network and " + Discovered.POLICY;

    /** DaemonSets that route, proxy or enforce, by the beginning of their name. */
    private static final Map<String, String> FOREIGN = Map.ofEntries(
            Map.entry("kube-proxy", "service proxy"),
            Map.entry("kube-flannel", "pod network"),
            Map.entry("kube-network-policies", Discovered.POLICY),
            Map.entry("canal", NETWORK_AND_POLICY),
            Map.entry("calico-node", NETWORK_AND_POLICY),
            Map.entry("cilium", NETWORK_AND_POLICY),
            Map.entry("weave-net", NETWORK_AND_POLICY),
            Map.entry("kube-router", NETWORK_AND_POLICY),
            Map.entry("antrea-agent", NETWORK_AND_POLICY),
            Map.entry("kindnet", NETWORK_AND_POLICY),
            Map.entry("ovnkube-node", NETWORK_AND_POLICY));

    private final KubernetesClient client;
    private final Clock clock;
    private final Predicate<Ip> kubeProxyAnswers;
    private final DnsDiscovery dns;
    private @Nullable Discovered latest;
    private Instant readAt = Instant.EPOCH;

    /** @param kubeProxyAnswers whether something on a node answers where kube-proxy does */
    public Discovery(KubernetesClient client, Clock clock, Predicate<Ip> kubeProxyAnswers) {
        this.client = client;
        this.clock = clock;
        this.kubeProxyAnswers = kubeProxyAnswers;
        this.dns = new DnsDiscovery(client, clock);
    }

    /**
     * What the cluster says, at most two minutes old.
     *
     * @param nodes where a kube-proxy may answer; none when it would be Weft that answers there
     */
    public synchronized Discovered get(List<NodeInfo> nodes) {
        Discovered known = latest;
        if (known == null || clock.instant().isAfter(readAt.plus(KEEP))) {
            known = read(nodes);
            latest = known;
            readAt = clock.instant();
        }
        return known;
    }

    /** Makes the next {@link #get} ask again. */
    public synchronized void forget() {
        latest = null;
    }

    private Discovered read(List<NodeInfo> nodes) {
        Told pods = first(List.of(
                () -> fromKubeadm("podSubnet"), () -> fromArguments("kube-controller-manager", "--cluster-cidr=")));
        Told services = first(List.of(
                this::fromServiceCidrs,
                () -> fromKubeadm("serviceSubnet"),
                () -> fromArguments("kube-apiserver", "--service-cluster-ip-range=")));
        List<DaemonSet> daemonSets = ifThere(
                        () -> client.apps().daemonSets().inAnyNamespace().list().getItems())
                .orElse(List.of());
        return new Discovered(
                pods.cidrs(),
                pods.from(),
                services.cidrs(),
                services.from(),
                apiServers(),
                KubeProxy.among(daemonSets).or(this::staticKubeProxy).or(() -> kubeProxyProcess(nodes)),
                dns.read(),
                new IngressDiscovery(client).read(),
                foreign(daemonSets));
    }

    private record Told(List<Cidr> cidrs, String from) {}

    private static Told first(List<Supplier<Told>> sources) {
        return sources.stream()
                .map(Supplier::get)
                .filter(told -> !told.cidrs().isEmpty())
                .findFirst()
                .orElse(new Told(List.of(), "unknown"));
    }

    private Told fromServiceCidrs() {
        List<ServiceCIDR> found = ifThere(
                        () -> client.network().v1().serviceCIDRs().list().getItems())
                .orElse(List.of());
        return new Told(
                found.stream()
                        .flatMap(s -> Readers.orEmpty(s.getSpec().getCidrs()).stream())
                        .map(Cidr::parse)
                        .sorted()
                        .toList(),
                "ServiceCIDR objects");
    }

    private Told fromKubeadm(String field) {
        Optional<ConfigMap> config = ifThere(() -> client.configMaps()
                .inNamespace("kube-system")
                .withName("kubeadm-config")
                .get());
        String subnets = config.map(c -> Readers.orEmpty(c.getData()).get("ClusterConfiguration"))
                .map(yaml -> Serialization.unmarshal(yaml, Map.class).get("networking"))
                .map(networking -> networking instanceof Map<?, ?> map ? map.get(field) : null)
                .map(Object::toString)
                .orElse("");
        return new Told(cidrs(subnets), "ConfigMap kube-system/kubeadm-config");
    }

    private Told fromArguments(String component, String flag) {
        List<Pod> pods = ifThere(() -> client.pods()
                        .inNamespace("kube-system")
                        .withLabel("component", component)
                        .list()
                        .getItems())
                .orElse(List.of());
        String value = pods.stream()
                .flatMap(p -> p.getSpec().getContainers().stream())
                .flatMap(c ->
                        Stream.concat(Readers.orEmpty(c.getCommand()).stream(), Readers.orEmpty(c.getArgs()).stream()))
                .filter(argument -> argument.startsWith(flag))
                .map(argument -> argument.substring(flag.length()))
                .findFirst()
                .orElse("");
        return new Told(cidrs(value), flag.replace("=", "") + " of " + component);
    }

    private static List<Cidr> cidrs(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(Cidr::parse)
                .toList();
    }

    private List<URI> apiServers() {
        List<EndpointSlice> slices = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("default")
                .withLabel("kubernetes.io/service-name", "kubernetes")
                .list()
                .getItems();
        return slices.stream()
                .flatMap(slice -> slice.getPorts().stream()
                        .filter(port -> "https".equals(port.getName()) && port.getPort() != null)
                        .flatMap(port -> slice.getEndpoints().stream()
                                .flatMap(e -> e.getAddresses().stream())
                                .map(address -> uri(address, port.getPort()))))
                .distinct()
                .sorted()
                .toList();
    }

    private static URI uri(String address, int port) {
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        return URI.create("https://" + host + ":" + port);
    }

    private Optional<KubeProxy> staticKubeProxy() {
        List<Pod> pods = ifThere(() -> client.pods()
                        .inNamespace("kube-system")
                        .withLabelIn("component", "kube-proxy")
                        .list()
                        .getItems())
                .orElse(List.of());
        return KubeProxy.amongPods(pods);
    }

    private Optional<KubeProxy> kubeProxyProcess(List<NodeInfo> nodes) {
        return nodes.stream()
                .limit(ASKED_NODES)
                .filter(n -> n.internalIps().stream().limit(1).anyMatch(kubeProxyAnswers))
                .findFirst()
                .map(n -> new KubeProxy.OnHost("processes on nodes such as " + n.name()));
    }

    private static List<String> foreign(List<DaemonSet> daemonSets) {
        return daemonSets.stream()
                .flatMap(d -> FOREIGN.entrySet().stream()
                        .filter(e -> d.getMetadata().getName().startsWith(e.getKey()))
                        .map(e -> e.getValue() + ": DaemonSet "
                                + d.getMetadata().getNamespace() + "/"
                                + d.getMetadata().getName()))
                .sorted()
                .toList();
    }

    /** For what a cluster may not have or not let us see: other sources, or none, take its place. */
    static <T> Optional<T> ifThere(Supplier<@Nullable T> read) {
        try {
            return Optional.ofNullable(read.get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND || e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
