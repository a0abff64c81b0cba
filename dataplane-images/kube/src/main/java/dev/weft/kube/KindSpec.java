package dev.weft.kube;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Which objects to watch and how to read them.
 *
 * @param name the kind, for logs and metrics
 * @param path the collection, such as {@code /api/v1/nodes}
 * @param labelSelector restricts the objects; empty for all
 * @param fieldSelector likewise
 * @param decoder makes the values
 * @param <T> the values
 */
public record KindSpec<T>(String name, String path, String labelSelector, String fieldSelector, Decoder<T> decoder) {

    /** As kube-proxy selects them: the labels LabelServiceProxyName and IsHeadlessService must be absent. */
    private static final String PROXIED = "!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name";

    /** Every Node of the cluster. */
    public static KindSpec<Node> nodes() {
        return new KindSpec<>("Node", "/api/v1/nodes", "", "", NodeDraft::new);
    }

    /** Services that node proxies serve: none that is headless or somebody else's by label. */
    public static KindSpec<Service> services() {
        return new KindSpec<>("Service", "/api/v1/services", PROXIED, "", ServiceDraft::new);
    }

    /** EndpointSlices of such Services. */
    public static KindSpec<EndpointSlice> endpointSlices() {
        return new KindSpec<>(
                "EndpointSlice", "/apis/discovery.k8s.io/v1/endpointslices", PROXIED, "", EndpointSliceDraft::new);
    }

    /** Every Pod of the cluster. */
    public static KindSpec<Pod> pods() {
        return new KindSpec<>("Pod", "/api/v1/pods", "", "", new PodDecoder());
    }

    /** Every NetworkPolicy of the cluster. */
    public static KindSpec<NetworkPolicy> networkPolicies() {
        return new KindSpec<>(
                "NetworkPolicy", "/apis/networking.k8s.io/v1/networkpolicies", "", "", NetworkPolicyDraft::new);
    }

    /** Every ClusterNetworkPolicy, where there is such a kind: {@link CustomWatcher}. */
    public static KindSpec<ClusterNetworkPolicy> clusterNetworkPolicies() {
        return new KindSpec<>(
                "ClusterNetworkPolicy",
                "/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies",
                "",
                "",
                ClusterNetworkPolicyDraft::new);
    }

    /** Every Namespace of the cluster. */
    public static KindSpec<Namespace> namespaces() {
        return new KindSpec<>("Namespace", "/api/v1/namespaces", "", "", () -> new Decoder.Draft<Namespace>() {
            @Override
            public void field(String field, JsonInput in) {
                // All that matters is in the metadata; the reader skips what is not read.
            }

            @Override
            public Namespace finish(ObjectMeta meta) {
                return new Namespace(meta.name(), meta.labels(), meta.deleting());
            }
        });
    }

    /** One Namespace. */
    public static KindSpec<Namespace> namespace(String name) {
        return namespaces().withFieldSelector("metadata.name=" + name);
    }

    /** One CustomResourceDefinition. */
    static KindSpec<CustomKind> customKind(String name) {
        return new KindSpec<>(
                        "CustomResourceDefinition",
                        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                        "",
                        "",
                        CustomKindDraft::new)
                .withFieldSelector("metadata.name=" + name);
    }

    public KindSpec<T> withLabelSelector(String selector) {
        return new KindSpec<>(name, path, selector, fieldSelector, decoder);
    }

    public KindSpec<T> withFieldSelector(String selector) {
        return new KindSpec<>(name, path, labelSelector, selector, decoder);
    }

    /** The collection's path with a query that ends in the given parameters ({@code a=1&b=2}, already encoded). */
    String query(String parameters) {
        StringBuilder url = new StringBuilder(path).append('?');
        if (!labelSelector.isEmpty()) {
            url.append("labelSelector=").append(encode(labelSelector)).append('&');
        }
        if (!fieldSelector.isEmpty()) {
            url.append("fieldSelector=").append(encode(fieldSelector)).append('&');
        }
        return url.append(parameters).toString();
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
