package dev.weft.ingress.cluster;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Optional;

/**
 * A Service (core/v1), as far as those in front of it are concerned.
 *
 * @param type such as {@code ClusterIP}
 * @param externalName where an ExternalName leads; empty for all other types
 * @param clusterIps empty for a headless one
 * @param family the first of its families
 * @param reachedAt what its status says of load balancers (addresses or host names), and its external addresses
 */
public record Service(
        ObjectKey key,
        String type,
        String externalName,
        List<Ip> clusterIps,
        Family family,
        List<Port> ports,
        List<String> reachedAt) {
    public Service {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
        reachedAt = List.copyOf(reachedAt);
    }

    /**
     * @param name may be empty
     * @param protocol IP protocol number
     * @param port 1 to 65535
     * @param targetPort number or name; empty for the same
     * @param nodePort 0 for none
     * @param appProtocol such as {@code kubernetes.io/h2c} (KEP-3726), or empty
     */
    public record Port(String name, int protocol, int port, String targetPort, int nodePort, String appProtocol) {}

    public static final int TCP = 6;
    public static final int UDP = 17;

    public boolean isExternalName() {
        return !externalName.isEmpty();
    }

    /** The port of a number. */
    public Optional<Port> port(int number, int protocol) {
        return ports.stream()
                .filter(port -> port.port() == number && port.protocol() == protocol)
                .findFirst();
    }

    /** The port of a name. */
    public Optional<Port> port(String name) {
        return ports.stream().filter(port -> port.name().equals(name)).findFirst();
    }
}
