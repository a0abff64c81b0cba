package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.Bytes;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the body of a message, in chunks if its length was not told (RFC 9112, 7.1). */
final class BodyWriter {
    static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    static final byte[] UPGRADE = ascii("Connection: Upgrade\r\nUpgrade: ");
    static final byte[] CRLF = ascii("\r\n");

    private static final byte[] LAST = ascii("0\r\n\r\n");

    private final Loop loop;
    private final Output output;
    private final long notInTrailers;
    private boolean chunked;

    /** @param notInTrailers fields that are left out of trailers */
    BodyWriter(Loop loop, Output output, long notInTrailers) {
        this.loop = loop;
        this.output = output;
        this.notInTrailers = notInTrailers;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Another message begins. */
    void begin(boolean inChunks) {
        chunked = inChunks;
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
        trailers.copy(lines, notInTrailers);
        output.put(lines.put(CRLF), 0);
    }
}
