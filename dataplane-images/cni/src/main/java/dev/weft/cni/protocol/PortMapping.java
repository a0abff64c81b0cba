package dev.weft.cni.protocol;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.Optional;

/**
 * A port of the node that leads to a port of the pod ({@code runtimeConfig.portMappings}).
 *
 * @param protocol transport
 * @param hostIp the node's address that listens; absent: all; {@code 0.0.0.0} or {@code ::}: all of that family
 * @param hostPort 1 to 65535
 * @param containerPort 1 to 65535
 */
public record PortMapping(Protocol protocol, Optional<Ip> hostIp, int hostPort, int containerPort) {
    public PortMapping {
        requirePort("hostPort", hostPort);
        requirePort("containerPort", containerPort);
    }

    /** Transports that have ports, with their IP protocol numbers (IANA "Assigned Internet Protocol Numbers"). */
    public enum Protocol {
        TCP(6),
        UDP(17),
        SCTP(132);

        private final int number;

        Protocol(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /** Whether the mapping listens in this family. */
    public boolean listensIn(Family family) {
        return hostIp.isEmpty() || hostIp.get().family() == family;
    }

    /** The one address that listens, absent when all of a family do. */
    public Optional<Ip> singleAddress() {
        return hostIp.filter(ip -> !ip.toInetAddress().isAnyLocalAddress());
    }

    private static void requirePort(String name, int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(name + " " + port + " is not between 1 and 65535");
        }
    }
}
