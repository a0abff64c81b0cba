package dev.weft.linux.nflog;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.net.Ip;
import java.util.Arrays;
import java.util.Optional;

/**
 * A packet as a rule saw it.
 *
 * @param prefix that the rule gives
 * @param protocol IP protocol number
 * @param sourcePort 0 for protocols without ports, and for all but the first of fragments
 * @param destinationPort likewise
 */
public record LoggedPacket(
        String prefix, Ip source, Ip destination, int protocol, int sourcePort, int destinationPort) {
    /** {@code NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET}. */
    static final int PACKET = 4 << 8;

    private static final int NFGENMSG = 4;
    private static final int NFULA_PAYLOAD = 9;
    private static final int NFULA_PREFIX = 10;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;

    /** Extension headers that may stand before the transport's, RFC 8200: hop-by-hop, routing, destination options. */
    private static final int HOP_BY_HOP = 0;

    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;

    private static final int MAX_EXTENSIONS = 8;

    /**
     * Reads a notification; empty for one without a whole IP header.
     *
     * @throws NetlinkFormatException if the lengths do not add up
     */
    static Optional<LoggedPacket> decode(NetlinkMessage message) {
        if (message.type() != PACKET) {
            return Optional.empty();
        }
        NetlinkReader reader = NetlinkReader.of(message, NFGENMSG);
        String prefix = "";
        byte[] payload = new byte[0];
        while (reader.next()) {
            switch (reader.type()) {
                case NFULA_PREFIX -> prefix = reader.string();
                case NFULA_PAYLOAD -> payload = reader.bytes();
                default -> {}
            }
        }
        return packet(prefix, payload);
    }

    private static Optional<LoggedPacket> packet(String prefix, byte[] bytes) {
        if (bytes.length == 0) {
            return Optional.empty();
        }
        return switch (bytes[0] >> 4 & 0xf) {
            case 4 -> ipv4(prefix, bytes);
            case 6 -> ipv6(prefix, bytes);
            default -> Optional.empty();
        };
    }

    /** RFC 791, section 3.1. */
    private static Optional<LoggedPacket> ipv4(String prefix, byte[] bytes) {
        int header = (bytes[0] & 0xf) * 4;
        if (header < 20 || bytes.length < header) {
            return Optional.empty();
        }
        boolean first = (u16(bytes, 6) & 0x1fff) == 0;
        return Optional.of(of(
                prefix,
                Ip.of(Arrays.copyOfRange(bytes, 12, 16)),
                Ip.of(Arrays.copyOfRange(bytes, 16, 20)),
                Byte.toUnsignedInt(bytes[9]),
                bytes,
                first ? header : bytes.length));
    }

    /** RFC 8200, section 3. */
    private static Optional<LoggedPacket> ipv6(String prefix, byte[] bytes) {
        if (bytes.length < 40) {
            return Optional.empty();
        }
        int protocol = Byte.toUnsignedInt(bytes[6]);
        int at = 40;
        for (int n = 0; n < MAX_EXTENSIONS && at + 8 <= bytes.length; n++) {
            int next = Byte.toUnsignedInt(bytes[at]);
            if (protocol == FRAGMENT) {
                boolean first = (u16(bytes, at + 2) & 0xfff8) == 0;
                at = first ? at + 8 : bytes.length;
            } else if (protocol == HOP_BY_HOP || protocol == ROUTING || protocol == DESTINATION_OPTIONS) {
                at += 8 + Byte.toUnsignedInt(bytes[at + 1]) * 8;
            } else {
                break;
            }
            protocol = next;
        }
        return Optional.of(of(
                prefix,
                Ip.of(Arrays.copyOfRange(bytes, 8, 24)),
                Ip.of(Arrays.copyOfRange(bytes, 24, 40)),
                protocol,
                bytes,
                at));
    }

    private static LoggedPacket of(
            String prefix, Ip source, Ip destination, int protocol, byte[] bytes, int transport) {
        boolean ports = (protocol == TCP || protocol == UDP || protocol == SCTP) && transport + 4 <= bytes.length;
        return new LoggedPacket(
                prefix,
                source,
                destination,
                protocol,
                ports ? u16(bytes, transport) : 0,
                ports ? u16(bytes, transport + 2) : 0);
    }

    private static int u16(byte[] bytes, int at) {
        return Byte.toUnsignedInt(bytes[at]) << 8 | Byte.toUnsignedInt(bytes[at + 1]);
    }
}
