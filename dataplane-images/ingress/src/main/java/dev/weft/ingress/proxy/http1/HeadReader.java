package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.Fields;
import io.netty.buffer.ByteBuf;

/**
 * Gathers the bytes of a head until its end is there, looking at each once however slowly they come. A line that ends with
 * LF alone is refused at once (RFC 9112, 2.2 allows it, and others disagree on where such a message ends).
 */
final class HeadReader {
    /** Most heads are shorter, and what is taken too much has to be given back. */
    private static final int STEP = 1024;

    private final int tooLongLine;
    private final int tooLong;
    private int scanned;
    private int lines;

    /** @param request whether it is limits of requests that are told of, or of answers */
    HeadReader(boolean request) {
        tooLongLine = request ? 414 : 502;
        tooLong = request ? 431 : 502;
    }

    void reset() {
        scanned = 0;
        lines = 0;
    }

    /**
     * Takes bytes up to the empty line that ends the head.
     *
     * @param most bytes that it may have
     * @return whether it is there as a whole
     * @throws BadMessage if it is longer, or has an LF without CR
     */
    boolean read(ByteBuf in, Fields fields, int most) throws BadMessage {
        while (true) {
            int n = in.readableBytes();
            if (n == 0) {
                return false;
            }
            int before = fields.end();
            int taken = Math.min(Math.min(n, Math.max(STEP, before)), most - before);
            if (taken <= 0) {
                throw new BadMessage(lines == 0 ? tooLongLine : tooLong, "head is longer than " + most + " bytes");
            }
            fields.take(in, taken);
            int end = scan(fields);
            if (end >= 0) {
                in.readerIndex(in.readerIndex() - (fields.end() - end));
                fields.cut(end);
                return true;
            }
        }
    }

    /** The position behind the empty line, or -1. */
    private int scan(Fields fields) throws BadMessage {
        byte[] bytes = fields.bytes();
        int end = fields.end();
        for (int i = scanned; i < end; i++) {
            if (bytes[i] == '\n') {
                if (i == 0 || bytes[i - 1] != '\r') {
                    throw new BadMessage(tooLong == 431 ? 400 : 502, "line ends with LF alone");
                }
                if (i >= 3 && bytes[i - 2] == '\n') {
                    return i + 1;
                }
                if (i > 1) {
                    lines++;
                }
            }
        }
        scanned = end;
        return -1;
    }
}
