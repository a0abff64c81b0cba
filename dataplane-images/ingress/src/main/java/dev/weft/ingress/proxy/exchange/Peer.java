package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.FieldBlock;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a client's connection. */
public final class Peer {
    /**
     * What TLS told.
     *
     * @param serverName empty if the client sent none
     * @param version such as {@code TLSv1.3}
     * @param subject of the client's certificate (RFC 4514); empty without one
     * @param asked how client certificates were asked for
     * @param client fields that tell backends of the client's certificate; null without
     */
    public record Secured(
            String serverName,
            String version,
            String cipher,
            String subject,
            Optional<ClientAuth> asked,
            @Nullable FieldBlock client) {}

    private final Ip ip;
    private final String address;
    private final int remotePort;
    private final int port;
    private final int external;
    private final boolean trusted;
    private @Nullable Secured secured;
    private @Nullable FieldBlock forwarding;
    private String forwardingAuthority = "";

    /**
     * @param port that the proxy listens on
     * @param external that the client connected to, as it sees it
     */
    public Peer(Ip ip, int remotePort, int port, int external, List<Cidr> trustedRanges) {
        this.ip = ip;
        this.address = ip.toString();
        this.remotePort = remotePort;
        this.port = port;
        this.external = external;
        this.trusted = isIn(trustedRanges, ip);
    }

    public static boolean isIn(List<Cidr> ranges, Ip ip) {
        for (int i = 0; i < ranges.size(); i++) {
            Cidr range = ranges.get(i);
            if (range.family() == ip.family() && range.contains(ip)) {
                return true;
            }
        }
        return false;
    }

    public Ip ip() {
        return ip;
    }

    public String address() {
        return address;
    }

    public int remotePort() {
        return remotePort;
    }

    /** That the proxy listens on. */
    public int port() {
        return port;
    }

    /** As the client sees it. */
    public int external() {
        return external;
    }

    /** Whether what it says of others before it is believed. */
    public boolean isTrusted() {
        return trusted;
    }

    public void secured(Secured by) {
        secured = by;
    }

    public @Nullable Secured secured() {
        return secured;
    }

    public String scheme() {
        return secured == null ? "http" : "https";
    }

    /** What was worked out for the request before, if it was for the same host. */
    @Nullable
    FieldBlock forwarding(String authority) {
        return authority.equals(forwardingAuthority) ? forwarding : null;
    }

    void forwarding(String authority, FieldBlock block) {
        forwardingAuthority = authority;
        forwarding = block;
    }
}
