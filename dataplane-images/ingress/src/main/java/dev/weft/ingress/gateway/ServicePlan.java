package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The Service in front of the proxies that a Gateway needs, and its alias in the Gateway's namespace.
 *
 * @param key in the namespace of the proxies; the same for a Gateway of the same name at all times
 * @param labels of both
 * @param addresses that the Gateway asks for, one a family; empty for any
 * @param ports without what the proxy listens on
 */
public record ServicePlan(
        ObjectKey key,
        ObjectKey alias,
        ObjectKey gateway,
        String gatewayUid,
        String type,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<Ip> addresses,
        List<Port> ports) {
    /** Of the Gateway, on all that is made for it (GEP-1762). */
    public static final String NAME_LABEL = "gateway.networking.k8s.io/gateway-name";

    public static final String CLASS_LABEL = "gateway.networking.k8s.io/gateway-class-name";

    private static final int NAME_LENGTH = 63;

    public ServicePlan {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    /** @param protocol {@code TCP} or {@code UDP} */
    public record Port(String protocol, int port) implements Comparable<Port> {
        @Override
        public int compareTo(Port other) {
            int byProtocol = protocol.compareTo(other.protocol);
            return byProtocol != 0 ? byProtocol : Integer.compare(port, other.port);
        }
    }

    /** Name of the Service of a Gateway. */
    static ObjectKey key(ObjectKey gateway, String namespace) {
        String hash = digest(gateway.toString());
        return new ObjectKey(namespace, "gw-" + label(gateway.name(), 40) + "-" + hash);
    }

    static ServicePlan of(BoundGateway gateway, String namespace) {
        Gateway of = gateway.gateway;
        Map<String, String> labels = new TreeMap<>(of.infrastructure().labels());
        labels.put(GatewayService.LABEL, digest(gateway.key().toString()));
        labels.put(NAME_LABEL, labelValue(of.meta().name()));
        labels.put(CLASS_LABEL, labelValue(of.className()));
        labels.put("app.kubernetes.io/managed-by", "weft-ingress");
        Map<Family, Ip> addresses = new EnumMap<>(Family.class);
        of.addresses().stream().flatMap(GatewayAddresses::ip).forEach(ip -> addresses.putIfAbsent(ip.family(), ip));
        TreeSet<Port> ports = new TreeSet<>();
        // Also those that cannot be served now: a Secret that is missing for a while must not cost the address.
        gateway.listeners()
                .filter(listener -> listener.protocol != BoundListener.Protocol.UNKNOWN && !listener.isConflicted())
                .forEach(listener -> ports.add(new Port(listener.protocol.transport(), listener.spec.port())));
        return new ServicePlan(
                key(gateway.key(), namespace),
                new ObjectKey(of.meta().namespace(), aliasName(of)),
                gateway.key(),
                of.meta().uid(),
                gateway.settings.type(),
                labels,
                of.infrastructure().annotations(),
                List.copyOf(addresses.values()),
                List.copyOf(ports));
    }

    /** As GEP-1762 has it: the Gateway's name and that of its class. */
    private static String aliasName(Gateway gateway) {
        String whole = gateway.meta().name() + "-" + gateway.className();
        String name = label(whole, NAME_LENGTH);
        return name.equals(whole) ? name : label(whole, NAME_LENGTH - 13) + "-" + digest(whole);
    }

    /** A DNS label (RFC 1035) much like the text. */
    private static String label(String text, int longest) {
        String name = text.replace('.', '-');
        if (!name.isEmpty() && !Character.isLetter(name.charAt(0))) {
            name = "g" + name;
        }
        name = name.substring(0, Math.min(name.length(), longest));
        while (name.endsWith("-")) {
            name = name.substring(0, name.length() - 1);
        }
        return name;
    }

    private static String labelValue(String name) {
        return name.length() <= NAME_LENGTH ? name : name.substring(0, NAME_LENGTH - 13) + "-" + digest(name);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
