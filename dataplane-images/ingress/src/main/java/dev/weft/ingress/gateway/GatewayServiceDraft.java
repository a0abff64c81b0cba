package dev.weft.ingress.gateway;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectMeta;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a Service made for a Gateway. */
final class GatewayServiceDraft implements Decoder.Draft<GatewayService> {
    private final Map<String, String> selector = new HashMap<>();
    private final List<Ip> clusterIps = new ArrayList<>(2);
    private final List<GatewayService.Port> ports = new ArrayList<>();
    private final List<String> reachedAt = new ArrayList<>(0);
    private String type = "";
    private String externalName = "";
    private String wantedAddress = "";

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "spec" -> in.object(this::spec);
            case "status" ->
                in.object((field, status) -> {
                    if (field.equals("loadBalancer")) {
                        status.object(this::loadBalancer);
                    }
                });
            default -> {}
        }
    }

    private void spec(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "type" -> type = in.string();
            case "externalName" -> externalName = in.string();
            case "loadBalancerIP" -> wantedAddress = in.string();
            case "selector" -> in.object((key, value) -> selector.put(key, value.string()));
            case "clusterIPs" -> in.array(item -> ip(item.string()).ifPresent(clusterIps::add));
            case "ports" -> in.array(this::port);
            default -> {}
        }
    }

    private void port(JsonInput in) throws KubeException {
        String[] protocol = {"TCP"};
        int[] numbers = {0, 0};
        in.object((field, value) -> {
            switch (field) {
                case "protocol" -> protocol[0] = value.string();
                case "port" -> numbers[0] = value.integer();
                case "targetPort" -> numbers[1] = value.integer();
                default -> {}
            }
        });
        ports.add(new GatewayService.Port(protocol[0], numbers[0], numbers[1]));
    }

    private void loadBalancer(String name, JsonInput in) throws KubeException {
        if (name.equals("ingress")) {
            in.array(item -> item.object((field, value) -> {
                if ((field.equals("ip") || field.equals("hostname"))
                        && !value.string().isEmpty()) {
                    reachedAt.add(value.string());
                }
            }));
        }
    }

    /** Headless Services have the address "None". */
    private static Optional<Ip> ip(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public GatewayService finish(ObjectMeta meta) {
        return new GatewayService(
                meta.name().isEmpty() ? new ObjectKey(meta.namespace(), "?") : meta.key(),
                meta.labels(),
                meta.annotations(),
                type,
                externalName,
                selector,
                clusterIps,
                wantedAddress,
                ports,
                reachedAt);
    }
}
