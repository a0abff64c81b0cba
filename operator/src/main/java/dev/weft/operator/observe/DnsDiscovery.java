package dev.weft.operator.observe;

import dev.weft.net.Ip;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.VersionInfo;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the cluster about its DNS: the Service, kubeadm's configuration, CoreDNS' Corefile. */
final class DnsDiscovery {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]*[.:][0-9a-fA-F:.]*");

    /** Some distributions write {@code 34+}. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

    private static final int SAME_NODE = 34;

    private final KubernetesClient client;
    private final Clock clock;
    private Optional<Instant> ledBackSince = Optional.empty();

    DnsDiscovery(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    ClusterDns read() {
        Map<?, ?> kubelet = yaml("kubelet-config", "kubelet");
        Optional<Ip> address = (kubelet.get("clusterDNS") instanceof List<?> list ? list : List.of())
                .stream()
                        .map(String::valueOf)
                        .filter(text -> ADDRESS.matcher(text).matches())
                        .map(Ip::parse)
                        .findFirst();
        Optional<String> told = text(kubelet, "clusterDomain");
        Optional<String> domain = told.or(() -> text(yaml("kubeadm-config", "ClusterConfiguration"), "networking"));
        return new ClusterDns(
                service(),
                address,
                domain,
                "ConfigMap " + Names.DNS_NAMESPACE + (told.isPresent() ? "/kubelet-config" : "/kubeadm-config"),
                data("coredns", "Corefile"),
                sameNode());
    }

    /** KEP-3015: {@code trafficDistribution: PreferSameNode} is on by default from 1.34 on. */
    private boolean sameNode() {
        VersionInfo version = client.getKubernetesVersion();
        Matcher minor = NUMBER.matcher(Objects.requireNonNullElse(version.getMinor(), ""));
        return !"1".equals(version.getMajor()) || !minor.lookingAt() || Integer.parseInt(minor.group()) >= SAME_NODE;
    }

    private Optional<ClusterDns.DnsService> service() {
        return Discovery.ifThere(() -> client.services()
                        .inNamespace(Names.DNS_NAMESPACE)
                        .withName(Names.DNS_SERVICE)
                        .get())
                .map(ClusterDns::read)
                .map(this::withServers);
    }

    private ClusterDns.DnsService withServers(ClusterDns.DnsService service) {
        boolean ledBack = service.owner() == ClusterDns.Owner.RETURNED && ledBack();
        // An operator that takes over in between counts anew.
        ledBackSince = ledBack ? ledBackSince.or(() -> Optional.of(clock.instant())) : Optional.empty();
        return switch (service.owner()) {
            case WEFT, FOREIGN -> service;
            case TAKEN -> service.withFormerReady(anyReady(service.selector()));
            case RETURNED -> service.withLedBackSince(ledBackSince);
        };
    }

    /** Whether the Service's EndpointSlices name a server that is ready, and none of Weft's. */
    private boolean ledBack() {
        Set<String> ours = pods(Map.of(Names.APP_NAME, Names.DNS))
                .flatMap(p -> Readers.orEmpty(p.getStatus().getPodIPs()).stream())
                .map(PodIP::getIp)
                .collect(Collectors.toSet());
        List<Endpoint> endpoints = client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(Names.DNS_NAMESPACE)
                .withLabel("kubernetes.io/service-name", Names.DNS_SERVICE)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> Readers.orEmpty(slice.getEndpoints()).stream())
                .toList();
        // Ready unless it is said not to be: discovery.k8s.io/v1, EndpointConditions.
        return endpoints.stream()
                        .anyMatch(e -> e.getConditions() == null
                                || !Boolean.FALSE.equals(e.getConditions().getReady()))
                && endpoints.stream().flatMap(e -> e.getAddresses().stream()).noneMatch(ours::contains);
    }

    private Stream<Pod> pods(Map<String, String> labels) {
        return client.pods().inNamespace(Names.DNS_NAMESPACE).withLabels(labels).list().getItems().stream();
    }

    private boolean anyReady(Map<String, String> selector) {
        return !selector.isEmpty()
                && pods(selector)
                        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                        .anyMatch(DnsDiscovery::ready);
    }

    private static boolean ready(Pod pod) {
        return PodProblems.condition(pod, "Ready")
                .filter(c -> c.getStatus().equals("True"))
                .isPresent();
    }

    private Map<?, ?> yaml(String configMap, String key) {
        return data(configMap, key)
                .<Map<?, ?>>map(text -> Serialization.unmarshal(text, Map.class))
                .orElse(Map.of());
    }

    private Optional<String> data(String configMap, String key) {
        return Discovery.ifThere(() -> client.configMaps()
                        .inNamespace(Names.DNS_NAMESPACE)
                        .withName(configMap)
                        .get())
                .map(c -> Readers.orEmpty(c.getData()).get(key));
    }

    /** A field's text; of a nested map, that of its field {@code dnsDomain}. */
    private static Optional<String> text(Map<?, ?> map, String field) {
        return switch (map.get(field)) {
            case null -> Optional.empty();
            case Map<?, ?> nested -> text(nested, "dnsDomain");
            case Object value -> Optional.of(value.toString()).filter(text -> !text.isBlank());
        };
    }
}
