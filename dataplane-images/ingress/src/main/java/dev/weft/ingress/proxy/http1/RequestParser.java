package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.Authority;
import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.Octets;
import dev.weft.ingress.proxy.http.RequestHead;
import java.util.Locale;

/** Parses the head of a request (RFC 9112) that is there as a whole. */
final class RequestParser {
    private static final long CONNECTION_FIELDS =
            FieldName.mask(FieldName.CONNECTION, FieldName.EXPECT, FieldName.UPGRADE, FieldName.TE);

    private RequestParser() {}

    /** @throws BadMessage with the status that says what is wrong */
    static void parse(RequestHead head) throws BadMessage {
        Fields fields = head.fields();
        byte[] bytes = fields.bytes();
        int i = 0;
        while (Octets.isToken(bytes[i])) {
            i++;
        }
        int methodEnd = i;
        if (i == 0 || bytes[i] != ' ') {
            throw new BadMessage(400, "method is malformed");
        }
        int targetStart = ++i;
        while (Octets.isTarget(bytes[i])) {
            i++;
        }
        int targetEnd = i;
        if (i == targetStart || bytes[i] != ' ') {
            throw new BadMessage(400, "target is malformed");
        }
        int version = version(bytes, i + 1, fields.end());
        String method = method(fields, methodEnd);
        head.line(method, version);
        FieldLines.parse(fields, i + 11, 400);
        target(head, fields, bytes, targetStart, targetEnd);
        framing(head, fields, version);
        connection(head, fields, version);
    }

    private static int version(byte[] bytes, int at, int end) throws BadMessage {
        if (at + 10 > end
                || bytes[at] != 'H'
                || bytes[at + 1] != 'T'
                || bytes[at + 2] != 'T'
                || bytes[at + 3] != 'P'
                || bytes[at + 4] != '/'
                || bytes[at + 6] != '.'
                || bytes[at + 8] != '\r'
                || bytes[at + 9] != '\n'
                || !isDigit(bytes[at + 5])
                || !isDigit(bytes[at + 7])) {
            throw new BadMessage(400, "version is malformed");
        }
        if (bytes[at + 5] != '1' || bytes[at + 7] > '1') {
            throw new BadMessage(505, "version is not known");
        }
        return bytes[at + 7] == '1' ? 11 : 10;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static String method(Fields fields, int end) {
        byte[] bytes = fields.bytes();
        if (end == 3 && bytes[0] == 'G' && bytes[1] == 'E' && bytes[2] == 'T') {
            return "GET";
        }
        if (end == 4 && bytes[0] == 'P' && bytes[1] == 'O' && bytes[2] == 'S' && bytes[3] == 'T') {
            return "POST";
        }
        return fields.text(0, end);
    }

    private static void target(RequestHead head, Fields fields, byte[] bytes, int start, int end) throws BadMessage {
        int host = fields.find(FieldName.HOST, 0);
        if (host >= 0 && fields.find(FieldName.HOST, host + 1) >= 0) {
            throw new BadMessage(400, "several Host fields");
        }
        if (host < 0 && head.version() == 11) {
            throw new BadMessage(400, "Host is missing");
        }
        if (head.method().equals("CONNECT")) {
            throw new BadMessage(405, "CONNECT is not served");
        }
        if (host >= 0) {
            head.authority(fields.value(host));
        }
        if (bytes[start] == '/') {
            head.target(fields.text(start, end));
        } else if (bytes[start] == '*' && end == start + 1 && head.method().equals("OPTIONS")) {
            head.target("*");
        } else {
            absolute(head, fields.text(start, end), host >= 0);
        }
    }

    /** With scheme and host (RFC 9112, 3.2.2). A Host field that says something else is refused, not overridden. */
    private static void absolute(RequestHead head, String target, boolean hasHost) throws BadMessage {
        int from = scheme(target);
        int to = from;
        while (to < target.length() && "/?".indexOf(target.charAt(to)) < 0) {
            to++;
        }
        String authority = target.substring(from, to);
        if (authority.isEmpty()) {
            throw new BadMessage(400, "target has no host");
        }
        if (hasHost && !Authority.host(authority).equals(head.host())) {
            throw new BadMessage(400, "Host is not that of the target");
        }
        if (!hasHost) {
            head.authority(authority);
            head.fields().add(FieldName.HOST, authority);
        }
        String rest = target.substring(to);
        head.target(rest.startsWith("/") ? rest : "/" + rest);
    }

    private static int scheme(String target) throws BadMessage {
        String lower = target.substring(0, Math.min(8, target.length())).toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://")) {
            return 7;
        }
        if (lower.startsWith("https://")) {
            return 8;
        }
        throw new BadMessage(400, "target is neither a path nor an address");
    }

    private static void framing(RequestHead head, Fields fields, int version) throws BadMessage {
        int coding = fields.find(FieldName.TRANSFER_ENCODING, 0);
        long length = FieldLines.contentLength(fields, 400);
        if (coding < 0) {
            head.body(length > 0, Math.max(length, 0));
            return;
        }
        if (length >= 0 || fields.has(FieldName.CONTENT_LENGTH)) {
            throw new BadMessage(400, "both Transfer-Encoding and Content-Length");
        }
        if (version == 10) {
            throw new BadMessage(400, "Transfer-Encoding in HTTP/1.0");
        }
        if (fields.find(FieldName.TRANSFER_ENCODING, coding + 1) >= 0) {
            throw new BadMessage(400, "several Transfer-Encoding fields");
        }
        if (!FieldLines.isToken(fields, coding, "chunked")) {
            String codings = fields.value(coding).toLowerCase(Locale.ROOT);
            boolean known = codings.matches("(gzip|x-gzip|deflate|compress|x-compress)([ \t]*,[ \t]*chunked)?");
            throw new BadMessage(known ? 501 : 400, "transfer coding is not chunked");
        }
        head.body(true, -1);
    }

    private static void connection(RequestHead head, Fields fields, int version) throws BadMessage {
        if (!fields.hasAny(CONNECTION_FIELDS)) {
            head.connection(version == 11, false, false, false);
            return;
        }
        boolean keepAlive = version == 11
                ? !FieldLines.hasToken(fields, FieldName.CONNECTION, "close")
                : FieldLines.hasToken(fields, FieldName.CONNECTION, "keep-alive")
                        && !FieldLines.hasToken(fields, FieldName.CONNECTION, "close");
        boolean upgrade = version == 11
                && fields.has(FieldName.UPGRADE)
                && !head.hasBody()
                && FieldLines.hasToken(fields, FieldName.CONNECTION, "upgrade");
        int expect = fields.find(FieldName.EXPECT, 0);
        if (expect >= 0 && !FieldLines.isToken(fields, expect, "100-continue")) {
            throw new BadMessage(417, "expectation is not known");
        }
        head.connection(
                keepAlive,
                expect >= 0 && version == 11,
                upgrade,
                FieldLines.hasToken(fields, FieldName.TE, "trailers"));
    }
}
