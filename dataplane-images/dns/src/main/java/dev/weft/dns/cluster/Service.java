package dev.weft.dns.cluster;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.List;

/**
 * A Service, as far as DNS is concerned.
 *
 * @param clusterIps empty for headless Services, for ExternalName and until one is assigned
 * @param headless {@code clusterIP: None}
 * @param externalName of type ExternalName; else empty
 * @param notReadyToo {@code publishNotReadyAddresses}
 */
public record Service(
        ObjectKey key,
        List<Ip> clusterIps,
        boolean headless,
        String externalName,
        boolean notReadyToo,
        List<Port> ports) {

    /** A port without a number, in place of a list of ports that is empty. */
    public static final Port NO_PORT = new Port("", "", -1);

    /**
     * A port of a Service or an EndpointSlice.
     *
     * @param name empty where there is only one
     * @param protocol in lower case
     * @param number -1 if there is none
     */
    public record Port(String name, String protocol, int number) {}

    public Service {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
    }
}
