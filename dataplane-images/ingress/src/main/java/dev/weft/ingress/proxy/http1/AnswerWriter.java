package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.Bytes;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.http.Statuses;
import dev.weft.ingress.proxy.loop.Loop;

/** Writes answers to a client (RFC 9112), and decides whether its connection goes on. */
final class AnswerWriter {
    private static final byte[] CONTINUE = BodyWriter.ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] CLOSE = BodyWriter.ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = BodyWriter.ascii("Connection: keep-alive\r\n");
    private static final long WITHOUT_LENGTH = FieldName.HOP_BY_HOP | FieldName.mask(FieldName.CONTENT_LENGTH);

    private final Loop loop;
    private final Output output;
    private final BodyWriter body;
    private boolean http10;
    private boolean close;
    private boolean keepsHttp10;

    AnswerWriter(Loop loop, Output output) {
        this.loop = loop;
        this.output = output;
        this.body = new BodyWriter(loop, output, WITHOUT_LENGTH);
    }

    /** @param last whether the connection ends with this answer */
    void begin(RequestHead request, boolean last) {
        http10 = request.version() == 10;
        keepsHttp10 = http10 && request.keepAlive();
        close = last;
        body.begin(false);
    }

    void closeAfterThis() {
        close = true;
    }

    boolean closes() {
        return close;
    }

    void sendContinue() {
        output.put(CONTINUE);
    }

    void interim(ResponseHead head) {
        Bytes lines = loop.scratch().clear().put(Statuses.line(head.status()));
        head.fields().copy(lines, WITHOUT_LENGTH);
        output.put(lines.put(BodyWriter.CRLF), 0);
    }

    void respond(ResponseHead head, boolean end, boolean last) {
        close |= last;
        int status = head.status();
        Bytes lines = loop.scratch().clear().put(Statuses.line(status));
        Fields fields = head.fields();
        if (status == 101) {
            fields.copy(lines, WITHOUT_LENGTH);
            String protocol = fields.joined(FieldName.UPGRADE);
            lines.put(BodyWriter.UPGRADE).put(protocol == null ? "" : protocol).put(BodyWriter.CRLF);
            output.put(lines.put(BodyWriter.CRLF), 0);
            return;
        }
        boolean unknown = !end && head.length() < 0;
        boolean chunked = unknown && !http10;
        body.begin(chunked);
        // HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
        close |= unknown && http10;
        fields.copy(lines, unknown || status == 204 ? WITHOUT_LENGTH : FieldName.HOP_BY_HOP);
        if (chunked) {
            lines.put(BodyWriter.CHUNKED);
        }
        if (close) {
            lines.put(CLOSE);
        } else if (keepsHttp10) {
            lines.put(KEEP_ALIVE);
        }
        output.put(lines.put(BodyWriter.CRLF), head.length());
    }

    /** What follows the head. */
    BodyWriter body() {
        return body;
    }
}
