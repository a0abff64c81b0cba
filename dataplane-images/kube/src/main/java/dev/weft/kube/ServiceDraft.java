package dev.weft.kube;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;

/** Reads a Service (core/v1). */
final class ServiceDraft implements Decoder.Draft<Service> {
    /** {@code DefaultClientIPServiceAffinitySeconds}, which the API server fills in as well. */
    private static final int AFFINITY_SECONDS = 10_800;

    private final List<Ip> clusterIps = new ArrayList<>(2);
    private final List<Service.Port> ports = new ArrayList<>(4);
    private final List<Ip> externalIps = new ArrayList<>(0);
    private final List<Ip> loadBalancerIps = new ArrayList<>(0);
    private final List<Cidr> sourceRanges = new ArrayList<>(0);
    private String type = "";
    private String clusterIp = "";
    private boolean externalLocal;
    private boolean internalLocal;
    private boolean affinity;
    private int affinitySeconds = AFFINITY_SECONDS;
    private int healthCheckNodePort;

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
            case "type" -> type = in.string().intern();
            case "clusterIP" -> clusterIp = in.string();
            case "clusterIPs" -> in.array(item -> Values.ip(item.string()).ifPresent(clusterIps::add));
            case "ports" -> in.array(this::port);
            case "externalIPs" -> in.array(item -> Values.ip(item.string()).ifPresent(externalIps::add));
            case "loadBalancerSourceRanges" ->
                in.array(item -> Values.cidr(item.string()).ifPresent(sourceRanges::add));
            case "externalTrafficPolicy" -> externalLocal = in.string().equals("Local");
            case "internalTrafficPolicy" -> internalLocal = in.string().equals("Local");
            case "sessionAffinity" -> affinity = in.string().equals("ClientIP");
            case "sessionAffinityConfig" ->
                in.object((kind, config) -> {
                    if (kind.equals("clientIP")) {
                        config.object(this::clientIp);
                    }
                });
            case "healthCheckNodePort" -> healthCheckNodePort = portOrNone(in.integer());
            default -> {}
        }
    }

    private void clientIp(String name, JsonInput in) throws KubeException {
        int seconds = in.integer();
        if (name.equals("timeoutSeconds") && seconds > 0) {
            affinitySeconds = Math.min(seconds, 86_400);
        }
    }

    private void port(JsonInput in) throws KubeException {
        PortFields fields = new PortFields();
        in.object(fields::field);
        if (Values.isPort(fields.port)) {
            ports.add(new Service.Port(
                    fields.name.intern(), Values.protocol(fields.protocol), fields.port, portOrNone(fields.nodePort)));
        }
    }

    private void loadBalancer(String name, JsonInput in) throws KubeException {
        if (name.equals("ingress")) {
            in.array(item -> {
                String[] ipAndMode = {"", ""};
                item.object((field, value) -> {
                    switch (field) {
                        case "ip" -> ipAndMode[0] = value.string();
                        case "ipMode" -> ipAndMode[1] = value.string();
                        default -> {}
                    }
                });
                if (!ipAndMode[1].equals("Proxy")) {
                    Values.ip(ipAndMode[0]).ifPresent(loadBalancerIps::add);
                }
            });
        }
    }

    private static int portOrNone(int number) {
        return Values.isPort(number) ? number : 0;
    }

    @Override
    public Service finish(ObjectMeta meta) {
        if (clusterIps.isEmpty()) {
            Values.ip(clusterIp).ifPresent(clusterIps::add);
        }
        Service.External external =
                new Service.External(externalIps, loadBalancerIps, sourceRanges, externalLocal, healthCheckNodePort);
        return new Service(
                meta.name().isEmpty()
                        ? new ObjectKey(meta.namespace(), "?")
                        : new ObjectKey(meta.namespace().intern(), meta.name().intern()),
                type,
                clusterIps,
                ports,
                external.equals(Service.External.NONE) ? Service.External.NONE : external,
                internalLocal,
                affinity ? affinitySeconds : 0);
    }

    private static final class PortFields {
        private String name = "";
        private String protocol = "";
        private int port;
        private int nodePort;

        void field(String field, JsonInput in) throws KubeException {
            switch (field) {
                case "name" -> name = in.string();
                case "protocol" -> protocol = in.string();
                case "port" -> port = in.integer();
                case "nodePort" -> nodePort = in.integer();
                default -> {}
            }
        }
    }
}
