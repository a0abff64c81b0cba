package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.Bytes;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.loop.Loop;

/** Writes requests to a backend (RFC 9112), with framing of our own. */
final class RequestWriter {
    private static final byte[] VERSION = BodyWriter.ascii(" HTTP/1.1\r\n");
    private static final byte[] TE = BodyWriter.ascii("Connection: TE\r\nTE: trailers\r\n");
    private static final byte[] NO_LENGTH = BodyWriter.ascii("Content-Length: 0\r\n");
    private static final long NEVER_SENT = FieldName.HOP_BY_HOP | FieldName.mask(FieldName.EXPECT);

    private static final long NOT_IN_TRAILERS =
            FieldName.HOP_BY_HOP | FieldName.mask(FieldName.CONTENT_LENGTH, FieldName.HOST);

    private final Loop loop;
    private final Output output;
    private final BodyWriter body;

    RequestWriter(Loop loop, Output output) {
        this.loop = loop;
        this.output = output;
        this.body = new BodyWriter(loop, output, NOT_IN_TRAILERS);
    }

    void head(RequestHead head) {
        boolean chunked = head.hasBody() && head.length() < 0;
        body.begin(chunked);
        Fields fields = head.fields();
        Bytes lines = loop.scratch().clear();
        lines.put(head.method()).put((byte) ' ').put(head.target()).put(VERSION);
        fields.copy(lines, NEVER_SENT);
        if (chunked) {
            lines.put(BodyWriter.CHUNKED);
        } else if (!head.hasBody() && !fields.has(FieldName.CONTENT_LENGTH) && expectsLength(head.method())) {
            // RFC 9110, 8.6: a method that has a meaning for a body is told that there is none.
            lines.put(NO_LENGTH);
        }
        if (head.upgrade()) {
            String protocol = fields.joined(FieldName.UPGRADE);
            lines.put(BodyWriter.UPGRADE).put(protocol == null ? "" : protocol).put(BodyWriter.CRLF);
        } else if (head.trailersWanted()) {
            lines.put(TE);
        }
        output.put(lines.put(BodyWriter.CRLF), head.length());
    }

    private static boolean expectsLength(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    /** What follows the head. */
    BodyWriter body() {
        return body;
    }
}
