package dev.weft.cni.ipam;

import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.cni.protocol.CniException;
import dev.weft.cni.protocol.JsonFields;
import dev.weft.cni.protocol.PodName;
import dev.weft.cni.protocol.PortMapping;
import dev.weft.net.Ip;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The text of a lease file. */
final class LeaseJson {
    private LeaseJson() {}

    static byte[] write(Lease lease) {
        Bandwidth limits = lease.bandwidth();
        return JsonFields.text(JsonFields.object(
                        "containerId", lease.attachment().containerId(),
                        "ifname", lease.attachment().ifname(),
                        "podNamespace", lease.pod().namespace(),
                        "podName", lease.pod().name(),
                        "ips", lease.ips().stream().map(Ip::toString).toList(),
                        "mtu", lease.mtu(),
                        "netnsInode", lease.netnsInode(),
                        "ports", lease.ports().stream().map(LeaseJson::port).toList(),
                        "bandwidth",
                                JsonFields.object(
                                        "ingressRate", limits.ingressRate(),
                                        "ingressBurst", limits.ingressBurst(),
                                        "egressRate", limits.egressRate(),
                                        "egressBurst", limits.egressBurst()),
                        "createdAt", lease.createdAt().toEpochMilli(),
                        "bootId", lease.bootId()))
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws CniException if the text is something else; the message names the field
     * @throws IllegalArgumentException if a value is out of its range
     */
    static Lease read(byte[] text) throws CniException {
        JsonFields root = JsonFields.parse(text);
        List<PortMapping> ports = new ArrayList<>();
        for (JsonFields port : root.objects("ports")) {
            String hostIp = port.optionalString("hostIp");
            ports.add(new PortMapping(
                    PortMapping.Protocol.valueOf(port.string("protocol")),
                    hostIp.isEmpty() ? Optional.empty() : Optional.of(Ip.parse(hostIp)),
                    port.optionalInteger("hostPort"),
                    port.optionalInteger("containerPort")));
        }
        JsonFields limits = root.optionalObject("bandwidth").orElseThrow(() -> root.wrong("bandwidth", "an object"));
        return new Lease(
                new Attachment(root.string("containerId"), root.string("ifname")),
                new PodName(root.string("podNamespace"), root.string("podName")),
                root.strings("ips").stream().map(Ip::parse).toList(),
                root.optionalInteger("mtu"),
                root.number("netnsInode"),
                ports,
                new Bandwidth(
                        limits.number("ingressRate"),
                        limits.number("ingressBurst"),
                        limits.number("egressRate"),
                        limits.number("egressBurst")),
                Instant.ofEpochMilli(root.number("createdAt")),
                root.string("bootId"));
    }

    private static Map<String, Object> port(PortMapping port) {
        return JsonFields.object(
                "protocol", port.protocol().name(),
                "hostIp", port.hostIp().map(Ip::toString).orElse(""),
                "hostPort", port.hostPort(),
                "containerPort", port.containerPort());
    }
}
