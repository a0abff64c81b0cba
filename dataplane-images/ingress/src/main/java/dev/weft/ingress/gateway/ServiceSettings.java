package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.ingress.gateway.api.GatewayClass;
import dev.weft.ingress.gateway.api.Reference;
import dev.weft.kube.ObjectKey;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the Service of a Gateway is made, as ConfigMaps say to which {@code parametersRef} of the Gateway or its GatewayClass
 * leads; what the Gateway's says counts more.
 *
 * @param type {@code ClusterIP}, {@code NodePort} or {@code LoadBalancer}
 */
public record ServiceSettings(String type) {
    public static final ServiceSettings DEFAULT = new ServiceSettings("ClusterIP");

    /** Key in the ConfigMap. */
    public static final String TYPE = "serviceType";

    private static final Set<String> TYPES = Set.of("ClusterIP", "NodePort", "LoadBalancer");

    /** Settings, or why there are none. */
    record Read(ServiceSettings settings, Optional<Problem> problem) {
        Read then(Optional<Reference> parameters, String namespace, Trust trust) {
            if (problem.isPresent() || parameters.isEmpty()) {
                return this;
            }
            return read(settings, parameters.get(), namespace, trust);
        }
    }

    /** Those of a class. */
    static Read of(GatewayClass gatewayClass, Trust trust) {
        return new Read(DEFAULT, Optional.empty()).then(gatewayClass.parameters(), "", trust);
    }

    /** Those of a Gateway. */
    static Read of(Read ofClass, Gateway gateway, Trust trust) {
        return ofClass.then(
                gateway.infrastructure().parameters(), gateway.meta().namespace(), trust);
    }

    private static Read read(ServiceSettings before, Reference ref, String namespace, Trust trust) {
        ObjectKey key = ref.from(namespace);
        if (!ref.is("", "ConfigMap") || key.namespace().isEmpty()) {
            return failed(before, "parametersRef leads to " + ref + ", not to a ConfigMap");
        }
        Optional<Map<String, String>> data = trust.configMap(key);
        if (data.isEmpty()) {
            return failed(before, "ConfigMap " + key + " does not exist");
        }
        String type = data.get().getOrDefault(TYPE, before.type());
        if (!TYPES.contains(type)) {
            return failed(
                    before,
                    TYPE + " '" + type + "' in ConfigMap " + key + " is none of ClusterIP, NodePort, LoadBalancer");
        }
        return new Read(new ServiceSettings(type), Optional.empty());
    }

    private static Read failed(ServiceSettings before, String message) {
        return new Read(before, Optional.of(new Problem("InvalidParameters", message)));
    }
}
