package dev.weft.operator.observe;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Asks the cluster about ingress: other controllers' classes, and whether there is the Gateway API. */
public final class IngressDiscovery {
    private static final String GATEWAY_API = "gateway.networking.k8s.io";
    private static final String VERSION = "v1";
    private static final String GATEWAY_CLASSES = "gatewayclasses";
    private static final String IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";

    private static final ResourceDefinitionContext GATEWAY_CLASS = new ResourceDefinitionContext.Builder()
            .withGroup(GATEWAY_API)
            .withVersion(VERSION)
            .withKind("GatewayClass")
            .withPlural(GATEWAY_CLASSES)
            .withNamespaced(false)
            .build();

    private final KubernetesClient client;

    public IngressDiscovery(KubernetesClient client) {
        this.client = client;
    }

    ClusterIngress read() {
        List<IngressClass> classes = Discovery.ifThere(
                        () -> client.network().v1().ingressClasses().list().getItems())
                .orElse(List.of());
        return new ClusterIngress(
                classes.stream()
                        .filter(c -> !ours(c))
                        .map(IngressDiscovery::read)
                        .sorted(Comparator.comparing(ClusterIngress.ForeignClass::name))
                        .toList(),
                gatewayApi(),
                gatewayClassesOfWeft().stream()
                        .map(c -> c.getMetadata().getName())
                        .sorted()
                        .toList());
    }

    private boolean gatewayApi() {
        return Discovery.ifThere(() -> client.getApiResources(GATEWAY_API + "/" + VERSION))
                .filter(list ->
                        list.getResources().stream().anyMatch(r -> r.getName().equals(GATEWAY_CLASSES)))
                .isPresent();
    }

    /** The GatewayClasses that the operator made; none where the cluster does not know the kind. */
    public List<GenericKubernetesResource> gatewayClassesOfWeft() {
        return Discovery.ifThere(() -> client.genericKubernetesResources(GATEWAY_CLASS)
                        .withLabel(Names.MANAGED_BY, Names.FIELD_MANAGER)
                        .list()
                        .getItems())
                .orElse(List.of());
    }

    private static boolean ours(HasMetadata object) {
        return Names.FIELD_MANAGER.equals(labels(object).get(Names.MANAGED_BY));
    }

    private static Map<String, String> labels(HasMetadata object) {
        return Readers.orEmpty(object.getMetadata().getLabels());
    }

    /** What an IngressClass says of itself. */
    public static ClusterIngress.ForeignClass read(IngressClass object) {
        String controller = object.getSpec() == null ? null : object.getSpec().getController();
        return new ClusterIngress.ForeignClass(
                object.getMetadata().getName(),
                controller == null ? "" : controller,
                "true"
                        .equals(Readers.orEmpty(object.getMetadata().getAnnotations())
                                .get(IS_DEFAULT)));
    }
}
