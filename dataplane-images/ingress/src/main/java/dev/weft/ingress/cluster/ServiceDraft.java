package dev.weft.ingress.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;

/** Reads a Service (core/v1). */
final class ServiceDraft implements Decoder.Draft<Service> {
    private final List<Ip> clusterIps = new ArrayList<>(2);
    private final List<String> families = new ArrayList<>(2);
    private final List<Service.Port> ports = new ArrayList<>(2);
    private final List<String> reachedAt = new ArrayList<>(0);
    private String type = "";
    private String externalName = "";

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "spec" -> in.object(this::spec);
            case "status" ->
                in.object((field, status) -> {
                    if (field.equals("loadBalancer")) {
                        reachedAt.addAll(0, Texts.loadBalancer(status));
                    }
                });
            default -> {}
        }
    }

    private void spec(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "type" -> type = in.string().intern();
            case "externalName" -> externalName = in.string();
            case "clusterIPs" -> in.array(item -> Texts.ip(item.string()).ifPresent(clusterIps::add));
            case "ipFamilies" -> in.array(item -> families.add(item.string()));
            case "externalIPs" -> in.array(item -> reachedAt.add(item.string()));
            case "ports" -> in.array(this::port);
            default -> {}
        }
    }

    private void port(JsonInput in) throws KubeException {
        PortFields fields = new PortFields();
        in.object(fields::field);
        if (Texts.isPort(fields.port)) {
            ports.add(new Service.Port(
                    fields.name.intern(),
                    Texts.protocol(fields.protocol),
                    fields.port,
                    fields.targetPort,
                    Texts.isPort(fields.nodePort) ? fields.nodePort : 0,
                    fields.appProtocol.intern()));
        }
    }

    @Override
    public Service finish(ObjectMeta meta) {
        boolean external = type.equals("ExternalName");
        boolean v6 = families.isEmpty()
                ? !clusterIps.isEmpty() && clusterIps.getFirst().family() == Family.IPV6
                : families.getFirst().equals("IPv6");
        return new Service(
                meta.key(),
                type,
                external ? externalName : "",
                clusterIps,
                v6 ? Family.IPV6 : Family.IPV4,
                ports,
                reachedAt);
    }

    private static final class PortFields {
        private String name = "";
        private String protocol = "";
        private String targetPort = "";
        private String appProtocol = "";
        private int port;
        private int nodePort;

        void field(String field, JsonInput in) throws KubeException {
            switch (field) {
                case "name" -> name = in.string();
                case "protocol" -> protocol = in.string();
                case "appProtocol" -> appProtocol = in.string();
                case "port" -> port = in.integer();
                case "nodePort" -> nodePort = in.integer();
                case "targetPort" -> targetPort = in.integer() == 0 ? in.string() : Integer.toString(in.integer());
                default -> {}
            }
        }
    }
}
