package dev.weft.operator.ingress;

import dev.weft.api.GatewayApi;
import dev.weft.config.IngressConfig;
import dev.weft.operator.observe.ClusterIngress;
import dev.weft.operator.revision.Names;
import dev.weft.operator.servers.ServerKind;
import dev.weft.operator.servers.ServerObjects;
import dev.weft.operator.servers.ServerPod;
import dev.weft.operator.servers.ServerRelease;
import dev.weft.operator.servers.ServerRollout;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects of the ingress proxies. Their roles are part of what installs the operator, which only binds them. */
public final class IngressObjects {
    public static final ServerKind KIND = new ServerKind(Names.INGRESS, Names.NAMESPACE, "ingress proxies");
    static final String CONFIG_KEY = "ingress.json";

    /** Labels of the pods at nodes' own addresses. */
    static final Map<String, String> ON_NODES = Map.of(Names.INGRESS_PLACEMENT, "HostNetwork");

    private static final ServerObjects SERVERS = new ServerObjects(KIND);

    /** KEP of Ingress v1: the class of Ingresses that name none. */
    private static final String IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";

    /** As many as may be without one at a time: the other addresses serve meanwhile. */
    private static final IntOrString ONE = new IntOrString(1);

    private IngressObjects() {}

    /** All but the proxies themselves. */
    static List<HasMetadata> around(IngressSettings settings, ClusterIngress cluster, ServerRelease release) {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(SERVERS.account());
        objects.add(SERVERS.binding(Names.INGRESS));
        objects.add(roleBinding());
        boolean gateways = settings.gatewayApi() == GatewayApi.ENABLED;
        if (gateways) {
            objects.add(SERVERS.binding(Names.INGRESS_GATEWAY));
        }
        objects.add(SERVERS.config(settings.data(release.apiServers())));
        objects.add(ingressClass(settings));
        if (gateways && cluster.gatewayApi()) {
            objects.add(gatewayClass(settings.className()));
        }
        return objects;
    }

    /** Proxies in the pod network, and what leads to them. */
    static List<HasMetadata> behindService(IngressSettings settings, ServerRollout rollout) {
        return List.of(
                SERVERS.deployment(rollout, settings.replicas(), IngressTemplate.pods()),
                SERVERS.disruptions(IngressTemplate.behindService()),
                service(settings));
    }

    /** Two cannot have the same ports of one host: the old one stops first. */
    static HasMetadata onNodes(ServerRollout rollout) {
        LabelSelector pods = new LabelSelectorBuilder(IngressTemplate.pods())
                .addToMatchLabels(ON_NODES)
                .build();
        return SERVERS.daemonSet(Names.INGRESS_ON_NODES, rollout, pods, new IntOrString(0), ONE);
    }

    private static Service service(IngressSettings settings) {
        return new ServiceBuilder()
                .withMetadata(SERVERS.meta())
                .editMetadata()
                .withAnnotations(settings.service().annotations())
                .endMetadata()
                .withNewSpec()
                .withType(settings.serviceType().value())
                // Both families where the cluster has both.
                .withIpFamilyPolicy("PreferDualStack")
                .withExternalTrafficPolicy(settings.externalTrafficPolicy().orElse(null))
                .withSelector(ServerPod.selector(KIND))
                .withPorts(
                        ServerObjects.port("http", settings.httpPort(), "TCP"),
                        ServerObjects.port("https", settings.httpsPort(), "TCP"))
                .endSpec()
                .build();
    }

    /** What proxies do in their own namespace: one of them leads, and it makes Services for Gateways. */
    private static RoleBinding roleBinding() {
        return new RoleBindingBuilder()
                .withMetadata(SERVERS.meta())
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", Names.INGRESS)
                .withSubjects(SERVERS.subject())
                .build();
    }

    private static IngressClass ingressClass(IngressSettings settings) {
        return new IngressClassBuilder()
                .withNewMetadata()
                .withName(settings.className())
                .withLabels(Names.labels(Names.INGRESS))
                .withAnnotations(settings.defaultClass() ? Map.of(IS_DEFAULT, "true") : Map.of())
                .endMetadata()
                .withNewSpec()
                .withController(IngressConfig.CONTROLLER)
                .endSpec()
                .build();
    }

    static HasMetadata gatewayClass(String name) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("gateway.networking.k8s.io/v1")
                .withKind("GatewayClass")
                .withNewMetadata()
                .withName(name)
                .withLabels(Names.labels(Names.INGRESS))
                .endMetadata()
                .addToAdditionalProperties(
                        "spec",
                        new TreeMap<>(Map.of(
                                "controllerName", IngressConfig.CONTROLLER, "description", "Weft's ingress proxies")))
                .build();
    }
}
