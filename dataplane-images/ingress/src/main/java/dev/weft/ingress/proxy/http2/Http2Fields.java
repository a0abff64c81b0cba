package dev.weft.ingress.proxy.http2;

import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.Octets;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Heads between HTTP/2 and the proxy. What HTTP/1 could not carry is refused on the way in. */
final class Http2Fields {
    private static final AsciiString[] NAMES = names();
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString TE = AsciiString.cached("te");
    private static final long NOT_SENT = FieldName.HOP_BY_HOP | FieldName.mask(FieldName.HOST, FieldName.EXPECT);
    private static final long NOT_ANSWERED = FieldName.HOP_BY_HOP;

    /** X-Request-ID and what tells backends whom they serve. */
    private static final int ADDED_LINES = 8;

    private static final int ADDED_BYTES = 320;
    private static final int USUAL_LINE = 40;

    private Http2Fields() {}

    private static AsciiString[] names() {
        AsciiString[] names = new AsciiString[FieldName.count()];
        for (int id = 0; id < names.length; id++) {
            names[id] = AsciiString.cached(FieldName.text(id));
        }
        return names;
    }

    /** For a request with these fields and those that the proxy adds to it. */
    static RequestHead roomFor(Http2Headers headers) {
        return new RequestHead(new Fields(ADDED_BYTES + headers.size() * USUAL_LINE, ADDED_LINES + headers.size()));
    }

    /**
     * Reads a request.
     *
     * @param end whether no body follows
     * @throws BadMessage with 400 if it is malformed (RFC 9113, 8.1.1)
     */
    static void request(Http2Headers headers, boolean end, RequestHead request) throws BadMessage {
        Fields fields = request.fields();
        String authority = pseudo(headers.authority());
        String method = pseudo(headers.method());
        String path = pseudo(headers.path());
        checkToken(method);
        request.line(method, 20);
        if (method.equals("CONNECT")) {
            throw new BadMessage(405, "CONNECT is not served");
        }
        String scheme = pseudo(headers.scheme());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new BadMessage(400, "scheme is not known");
        }
        if (!authority.isEmpty()) {
            request.authority(authority);
            fields.add(FieldName.HOST, authority);
        }
        StringBuilder cookies = null;
        long length = -1;
        boolean trailers = false;
        boolean expects = false;
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            CharSequence name = header.getKey();
            if (name.isEmpty() || name.charAt(0) == ':') {
                continue;
            }
            String text = name.toString();
            String value = header.getValue().toString();
            if (!checkToken(text)) {
                fields.odd();
            }
            checkValue(value);
            int id = FieldName.of(text);
            if (id == FieldName.COOKIE) {
                // RFC 9113, 8.2.3: crumbs are put together again.
                cookies = cookies == null
                        ? new StringBuilder(value)
                        : cookies.append("; ").append(value);
            } else if (id == FieldName.HOST) {
                host(request, authority, value);
            } else if (id == FieldName.TE) {
                trailers = value.equals("trailers");
            } else {
                if (id == FieldName.CONTENT_LENGTH) {
                    length = length(value, length);
                    if (end && length == 0) {
                        fields.add(id, value);
                    }
                }
                expects |= id == FieldName.EXPECT && value.equalsIgnoreCase("100-continue");
                if (id != FieldName.CONTENT_LENGTH || !end) {
                    add(fields, id, text, value);
                }
            }
        }
        if (cookies != null) {
            fields.add(FieldName.COOKIE, cookies.toString());
        }
        target(request, path);
        request.body(!end, end ? 0 : length);
        request.connection(true, expects, false, trailers);
    }

    private static void host(RequestHead request, String authority, String value) throws BadMessage {
        if (authority.isEmpty() && request.authority().isEmpty()) {
            request.authority(value);
            request.fields().add(FieldName.HOST, value);
        } else if (!value.equals(authority)) {
            throw new BadMessage(400, "Host is not :authority");
        }
    }

    private static void target(RequestHead request, String path) throws BadMessage {
        boolean star = path.equals("*") && request.method().equals("OPTIONS");
        if (!path.startsWith("/") && !star) {
            throw new BadMessage(400, "path is malformed");
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c > 255 || !Octets.isTarget((byte) c)) {
                throw new BadMessage(400, "path is malformed");
            }
        }
        request.target(path);
    }

    private static long length(String value, long before) throws BadMessage {
        if (value.isEmpty() || value.length() > 18 || before >= 0) {
            throw new BadMessage(400, "content-length is malformed");
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                throw new BadMessage(400, "content-length is malformed");
            }
        }
        return Long.parseLong(value);
    }

    private static void add(Fields fields, int id, String name, String value) {
        if (id == FieldName.OTHER) {
            fields.add(name, value);
        } else {
            fields.add(id, value);
        }
    }

    private static String pseudo(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }

    /** Whether it has but letters, digits and hyphens. */
    private static boolean checkToken(String text) throws BadMessage {
        boolean plain = true;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127 || !Octets.isToken((byte) text.charAt(i))) {
                throw new BadMessage(400, "field name is malformed");
            }
            plain &= Octets.isPlain((byte) text.charAt(i));
        }
        if (text.isEmpty()) {
            throw new BadMessage(400, "field name is empty");
        }
        return plain;
    }

    private static void checkValue(String text) throws BadMessage {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 255 || !Octets.isValue((byte) text.charAt(i))) {
                throw new BadMessage(400, "field has a control character");
            }
        }
    }

    /** Trailers, or null if there is nothing in them. */
    static @Nullable Fields trailers(Http2Headers headers) throws BadMessage {
        Fields fields = new Fields();
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            String name = header.getKey().toString();
            checkToken(name);
            checkValue(header.getValue().toString());
            fields.add(name, header.getValue().toString());
        }
        return fields.count() == 0 ? null : fields;
    }

    /** Reads an answer. */
    static void response(Http2Headers headers, ResponseHead response) throws BadMessage {
        String status = pseudo(headers.status());
        if (!status.matches("[1-9][0-9][0-9]")) {
            throw new BadMessage(502, "status is malformed");
        }
        response.of(Integer.parseInt(status));
        Fields fields = response.fields();
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            CharSequence name = header.getKey();
            if (name.isEmpty() || name.charAt(0) == ':') {
                continue;
            }
            String text = name.toString();
            String value = header.getValue().toString();
            checkToken(text);
            checkValue(value);
            int id = FieldName.of(text);
            if (id == FieldName.CONTENT_LENGTH) {
                response.length(length(value, response.length()));
            }
            add(fields, id, text, value);
        }
    }

    static Http2Headers of(RequestHead request, String scheme) {
        Http2Headers headers = new DefaultHttp2Headers(false, request.fields().count() + 8);
        headers.method(request.method()).scheme(scheme).path(request.target());
        String host = request.fields().first(FieldName.HOST);
        if (host != null) {
            headers.authority(host);
        }
        copy(request.fields(), headers, NOT_SENT);
        if (request.trailersWanted()) {
            headers.add(TE, TRAILERS);
        }
        return headers;
    }

    static Http2Headers of(ResponseHead response) {
        Http2Headers headers = new DefaultHttp2Headers(false, response.fields().count() + 2);
        headers.status(HttpResponseStatus.valueOf(response.status()).codeAsText());
        copy(response.fields(), headers, NOT_ANSWERED);
        return headers;
    }

    static Http2Headers of(Fields trailers) {
        Http2Headers headers = new DefaultHttp2Headers(false, trailers.count());
        copy(trailers, headers, NOT_SENT | FieldName.mask(FieldName.CONTENT_LENGTH));
        return headers;
    }

    private static void copy(Fields from, Http2Headers to, long without) {
        for (int field = 0; field < from.count(); field++) {
            int id = from.id(field);
            if (from.isRemoved(field) || (without >>> id & 1) != 0) {
                continue;
            }
            AsciiString name = id != FieldName.OTHER
                    ? NAMES[id]
                    : ascii(from, from.nameStart(field), from.nameEnd(field)).toLowerCase();
            to.add(name, ascii(from, from.valueStart(field), from.valueEnd(field)));
        }
    }

    private static AsciiString ascii(Fields fields, int start, int end) {
        return new AsciiString(fields.bytes(), start, end - start, true);
    }
}
