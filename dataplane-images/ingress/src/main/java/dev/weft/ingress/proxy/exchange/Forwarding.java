package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.FieldBlock;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tells backends whom they serve: X-Forwarded-*, X-Real-IP, X-Request-ID and Forwarded (RFC 7239), and at the ports of Ingresses
 * X-Scheme and X-Forwarded-Scheme, as ingress-nginx does.
 */
final class Forwarding {
    private static final int MAX_REQUEST_ID = 128;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private Forwarding() {}

    /** The client's address: the last one that no trusted proxy has, as far as trusted proxies tell. */
    static Ip client(RequestHead request, Peer peer, List<Cidr> trusted) {
        Ip client = peer.ip();
        if (!peer.isTrusted()) {
            return client;
        }
        String chain = request.fields().joined(FieldName.X_FORWARDED_FOR);
        if (chain == null) {
            return client;
        }
        String[] hops = chain.split(",");
        for (int i = hops.length - 1; i >= 0; i--) {
            try {
                client = Ip.parse(withoutPort(hops[i].strip()));
            } catch (IllegalArgumentException e) {
                return client;
            }
            if (!Peer.isIn(trusted, client)) {
                return client;
            }
        }
        return client;
    }

    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int close = hop.indexOf(']');
            return close < 0 ? hop : hop.substring(1, close);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    /** The scheme that the client used, as far as trusted proxies tell. */
    static String scheme(RequestHead request, Peer peer) {
        return peer.isTrusted() ? schemeTold(request.fields(), peer) : peer.scheme();
    }

    private static String schemeTold(Fields fields, Peer peer) {
        String told = last(fields.joined(FieldName.X_FORWARDED_PROTO));
        return told != null && (told.equals("http") || told.equals("https")) ? told : peer.scheme();
    }

    private static @Nullable String last(@Nullable String list) {
        return list == null ? null : list.substring(list.lastIndexOf(',') + 1).strip();
    }

    /**
     * Replaces what the client says of this, or appends to it if it is trusted.
     *
     * @param asNginx whether the fields are said that ingress-nginx alone says
     */
    static void apply(RequestHead request, Peer peer, Ip client, boolean asNginx) {
        Fields fields = request.fields();
        if (fields.hasOdd()) {
            // X_Real_IP is X-Real-IP to many a backend, and nobody says it in the proxy's place.
            fields.dropLookalikes(FieldName.FORWARDING);
        }
        if (peer.isTrusted()) {
            trusted(request, peer, client, asNginx);
        } else {
            fields.removeAll(FieldName.FORWARDING);
            FieldBlock block = peer.forwarding(request.authority());
            if (block == null) {
                Fields told = new Fields();
                tell(told, request, peer, client, null, asNginx);
                block = FieldBlock.of(told);
                peer.forwarding(request.authority(), block);
            }
            fields.add(block);
        }
        Peer.Secured secured = peer.secured();
        if (secured != null && secured.client() != null) {
            fields.add(secured.client());
        }
    }

    private static void trusted(RequestHead request, Peer peer, Ip client, boolean asNginx) {
        Fields before = new Fields();
        before.copyOf(request.fields());
        request.fields().removeAll(FieldName.FORWARDING);
        tell(request.fields(), request, peer, client, before, asNginx);
    }

    private static void tell(
            Fields to, RequestHead request, Peer peer, Ip client, @Nullable Fields before, boolean asNginx) {
        String chain = before == null ? null : before.joined(FieldName.X_FORWARDED_FOR);
        to.add("X-Forwarded-For", chain == null ? peer.address() : chain + ", " + peer.address());
        to.add("X-Real-IP", client.toString());
        String proto = before == null ? peer.scheme() : schemeTold(before, peer);
        to.add("X-Forwarded-Proto", proto);
        if (asNginx) {
            to.add("X-Forwarded-Scheme", proto);
            to.add("X-Scheme", proto);
        }
        to.add("X-Forwarded-Host", told(before, FieldName.X_FORWARDED_HOST, request.authority()));
        String port = Integer.toString(peer.external());
        String portTold = told(before, FieldName.X_FORWARDED_PORT, "");
        if (portTold.isEmpty()) {
            // A proxy that tells the scheme and no port means the scheme's own.
            boolean other = before != null && !proto.equals(peer.scheme());
            portTold = other ? proto.equals("https") ? "443" : "80" : port;
        }
        to.add("X-Forwarded-Port", portTold);
        String address = peer.address().indexOf(':') >= 0 ? "\"[" + peer.address() + "]\"" : peer.address();
        StringBuilder element = new StringBuilder("for=").append(address);
        if (!request.authority().isEmpty()) {
            boolean token = request.authority().indexOf(':') < 0;
            element.append(";host=").append(token ? request.authority() : "\"" + request.authority() + "\"");
        }
        element.append(";proto=").append(peer.scheme());
        String forwarded = before == null ? null : before.joined(FieldName.FORWARDED);
        to.add("Forwarded", forwarded == null ? element.toString() : forwarded + ", " + element);
    }

    private static String told(@Nullable Fields before, int id, String otherwise) {
        String told = before == null ? null : before.first(id);
        return told == null ? otherwise : told;
    }

    /** As the client has it, or a new one. */
    static String requestId(RequestHead request, SplittableRandom random) {
        String given = request.fields().first(FieldName.X_REQUEST_ID);
        if (given != null && !given.isEmpty() && given.length() <= MAX_REQUEST_ID) {
            return given;
        }
        if (given != null) {
            request.fields().removeAll(FieldName.mask(FieldName.X_REQUEST_ID));
        }
        byte[] id = new byte[32];
        long high = random.nextLong();
        long low = random.nextLong();
        for (int i = 0; i < 16; i++) {
            id[i] = HEX[(int) (high >>> (4 * i)) & 15];
            id[16 + i] = HEX[(int) (low >>> (4 * i)) & 15];
        }
        String made = new String(id, StandardCharsets.ISO_8859_1);
        request.fields().add("X-Request-ID", made);
        return made;
    }
}
