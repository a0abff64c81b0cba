package dev.weft.operator.observe;

import java.util.List;
import java.util.Optional;

/**
 * What the cluster says of ingress.
 *
 * @param classes IngressClasses that are not the operator's, sorted by name
 * @param gatewayApi whether the cluster has the CRDs of the Gateway API
 * @param gatewayClasses names of the GatewayClasses that the operator made
 */
public record ClusterIngress(List<ForeignClass> classes, boolean gatewayApi, List<String> gatewayClasses) {
    /** Nothing. */
    public static final ClusterIngress NONE = new ClusterIngress(List.of(), false, List.of());

    /** Of the controller that ended in March 2026. */
    private static final String INGRESS_NGINX = "k8s.io/ingress-nginx";

    /**
     * An IngressClass of another controller.
     *
     * @param isDefault whether Ingresses without a class get it
     */
    public record ForeignClass(String name, String controller, boolean isDefault) {}

    public ClusterIngress {
        classes = List.copyOf(classes);
        gatewayClasses = List.copyOf(gatewayClasses);
    }

    /** Names of the classes that ingress-nginx serves. */
    public List<String> nginx() {
        return classes.stream()
                .filter(c -> c.controller().equals(INGRESS_NGINX))
                .map(ForeignClass::name)
                .toList();
    }

    /** The class of this name, if it is another controller's. */
    public Optional<ForeignClass> foreign(String name) {
        return classes.stream().filter(c -> c.name().equals(name)).findFirst();
    }
}
