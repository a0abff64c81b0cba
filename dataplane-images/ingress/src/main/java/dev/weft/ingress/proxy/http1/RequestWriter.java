package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.Bytes;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes requests to a backend (RFC 9112), with framing of our own. */
final class RequestWriter {
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] TE = ascii("Connection: TE\r\nTE: trailers\r\n");
    private static final byte[] NO_LENGTH = ascii("Content-Length: 0\r\n");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] LAST = ascii("0\r\n\r\n");
    private static final long NEVER_SENT = FieldName.HOP_BY_HOP | FieldName.mask(FieldName.EXPECT);

    private final Loop loop;
    private final Output output;
    private boolean chunked;

    RequestWriter(Loop loop, Output output) {
        this.loop = loop;
        this.output = output;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void head(RequestHead head) {
        chunked = head.hasBody() && head.length() < 0;
        Fields fields = head.fields();
        Bytes lines = loop.scratch().clear();
        lines.put(head.method()).put((byte) ' ').put(head.target()).put(VERSION);
        fields.copy(lines, NEVER_SENT);
        if (chunked) {
            lines.put(CHUNKED);
        } else if (!head.hasBody() && !fields.has(FieldName.CONTENT_LENGTH) && expectsLength(head.method())) {
            // RFC 9110, 8.6: a method that has a meaning for a body is told that there is none.
            lines.put(NO_LENGTH);
        }
        if (head.upgrade()) {
            String protocol = fields.joined(FieldName.UPGRADE);
            lines.put(UPGRADE).put(protocol == null ? "" : protocol).put(CRLF);
        } else if (head.trailersWanted()) {
            lines.put(TE);
        }
        output.put(lines.put(CRLF), head.length());
    }

    private static boolean expectsLength(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    /** @param tunnel whether the bytes mean nothing any more */
    void body(ByteBuf data, boolean tunnel) {
        if (!chunked || tunnel) {
            output.put(data);
            return;
        }
        int n = data.readableBytes();
        if (n == 0) {
            // Would be read as the end.
            data.release();
            return;
        }
        output.put(loop.scratch().clear().hex(n).put(CRLF), n);
        output.put(data);
        output.put(CRLF);
    }

    void end(@Nullable Fields trailers) {
        if (!chunked) {
            return;
        }
        if (trailers == null) {
            output.put(LAST);
            return;
        }
        Bytes lines = loop.scratch().clear().put("0\r\n");
        trailers.copy(lines, FieldName.HOP_BY_HOP | FieldName.mask(FieldName.CONTENT_LENGTH, FieldName.HOST));
        output.put(lines.put(CRLF), 0);
    }
}
