package dev.weft.dns.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;

/** Reads a Service (core/v1). */
final class ServiceDraft implements Decoder.Draft<Service> {
    private final List<Service.Port> ports = new ArrayList<>(2);
    private final List<String> clusterIps = new ArrayList<>(2);
    private String clusterIp = "";
    private String type = "";
    private String externalName = "";
    private boolean notReadyToo;

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        if (name.equals("spec")) {
            in.object(this::spec);
        }
    }

    private void spec(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "clusterIP" -> clusterIp = in.string();
            case "clusterIPs" -> in.array(item -> clusterIps.add(item.string()));
            case "type" -> type = in.string();
            case "externalName" -> externalName = in.string();
            case "publishNotReadyAddresses" -> notReadyToo = in.isTrue();
            case "ports" -> in.array(item -> Texts.port(item, ports));
            default -> {}
        }
    }

    @Override
    public Service finish(ObjectMeta meta) {
        if (clusterIps.isEmpty()) {
            clusterIps.add(clusterIp);
        }
        boolean external = type.equals("ExternalName");
        boolean headless = !external && clusterIps.getFirst().equals("None");
        List<Ip> ips = external || headless
                ? List.of()
                : clusterIps.stream().flatMap(text -> Texts.ip(text).stream()).toList();
        return new Service(meta.key(), ips, headless, external ? externalName : "", notReadyToo, Texts.orNone(ports));
    }
}
