package dev.weft.ingress.gateway;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Service that was made for a Gateway: in front of the proxies, or an alias of that in the Gateway's namespace.
 *
 * @param type such as {@code ClusterIP}; {@code ExternalName} for an alias
 * @param externalName empty unless it is an alias
 * @param wantedAddress {@code spec.loadBalancerIP}
 * @param reachedAt addresses and host names in its status
 */
public record GatewayService(
        ObjectKey key,
        Map<String, String> labels,
        Map<String, String> annotations,
        String type,
        String externalName,
        Map<String, String> selector,
        List<Ip> clusterIps,
        String wantedAddress,
        List<Port> ports,
        List<String> reachedAt) {
    /** On all of them; the value tells Gateways apart whose names are too long for labels. */
    public static final String LABEL = "weft.dev/gateway";

    public static final String ALIAS = "ExternalName";

    public GatewayService {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        selector = Map.copyOf(selector);
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
        reachedAt = List.copyOf(reachedAt);
    }

    /**
     * @param protocol {@code TCP} or {@code UDP}
     * @param port that clients connect to
     * @param target that the proxy listens on, for this Gateway alone; 0 if it is none
     */
    public record Port(String protocol, int port, int target) {}

    public boolean isAlias() {
        return type.equals(ALIAS);
    }

    /** What the proxy listens on for a port of the Gateway. */
    public Optional<Integer> target(String protocol, int port) {
        return ports.stream()
                .filter(each -> each.port() == port && each.protocol().equals(protocol) && each.target() != 0)
                .map(Port::target)
                .findFirst();
    }
}
