package dev.weft.operator.observe;

import dev.weft.net.Cidr;
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
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks the cluster about itself: by plain reads every few minutes, since none of this changes often. */
public final class Discovery {
    private static final Duration KEEP = Duration.ofMinutes(2);

    /** DaemonSets that route, proxy or enforce, by the beginning of their name. */
    private static final Map<String, String> FOREIGN = Map.ofEntries(
            Map.entry("kube-proxy", "service proxy"),
            Map.entry("kube-flannel", "pod network"),
            Map.entry("canal", "pod network"),
            Map.entry("calico-node", "pod network"),
            Map.entry("cilium", "pod network"),
            Map.entry("weave-net", "pod network"),
            Map.entry("kube-router", "pod network"),
            Map.entry("antrea-agent", "pod network"),
            Map.entry("kindnet", "pod network"),
            Map.entry("ovnkube-node", "pod network"));

    private final KubernetesClient client;
    private final Clock clock;
    private @Nullable Discovered latest;
    private Instant readAt = Instant.EPOCH;

    public Discovery(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** What the cluster says, at most two minutes old. */
    public synchronized Discovered get() {
        Discovered known = latest;
        if (known == null || clock.instant().isAfter(readAt.plus(KEEP))) {
            known = read();
            latest = known;
            readAt = clock.instant();
        }
        return known;
    }

    /** Makes the next {@link #get()} ask again. */
    public synchronized void forget() {
        latest = null;
    }

    private Discovered read() {
        Told pods = first(List.of(
                () -> fromKubeadm("podSubnet"), () -> fromArguments("kube-controller-manager", "--cluster-cidr=")));
        Told services = first(List.of(
                this::fromServiceCidrs,
                () -> fromKubeadm("serviceSubnet"),
                () -> fromArguments("kube-apiserver", "--service-cluster-ip-range=")));
        return new Discovered(pods.cidrs(), pods.from(), services.cidrs(), services.from(), apiServers(), foreign());
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

    private List<String> foreign() {
        List<DaemonSet> daemonSets = ifThere(
                        () -> client.apps().daemonSets().inAnyNamespace().list().getItems())
                .orElse(List.of());
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
    private static <T> Optional<T> ifThere(Supplier<@Nullable T> read) {
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
