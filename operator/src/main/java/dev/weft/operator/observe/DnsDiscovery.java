package dev.weft.operator.observe;

import dev.weft.net.Ip;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Asks the cluster about its DNS: the Service, kubeadm's configuration, CoreDNS' Corefile. */
final class DnsDiscovery {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]*[.:][0-9a-fA-F:.]*");

    private final KubernetesClient client;

    DnsDiscovery(KubernetesClient client) {
        this.client = client;
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
                data("coredns", "Corefile"));
    }

    private Optional<ClusterDns.DnsService> service() {
        return Discovery.ifThere(() -> client.services()
                        .inNamespace(Names.DNS_NAMESPACE)
                        .withName(Names.DNS_SERVICE)
                        .get())
                .map(ClusterDns::read)
                .map(s -> s.owner() == ClusterDns.Owner.TAKEN ? s.withFormerReady(anyReady(s.selector())) : s);
    }

    private boolean anyReady(Map<String, String> selector) {
        return !selector.isEmpty()
                && client.pods().inNamespace(Names.DNS_NAMESPACE).withLabels(selector).list().getItems().stream()
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
