package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.Octets;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.http.Statuses;

/** Parses the head of an answer (RFC 9112) that is there as a whole, and works out where its body ends (6.3). */
final class ResponseParser {
    /** How the end of a body is known. */
    enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }

    private Framing framing = Framing.NONE;
    private boolean keepAlive;

    Framing framing() {
        return framing;
    }

    /** Whether the connection can be used again once the body ended. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** @param head whether the request was HEAD */
    void parse(ResponseHead response, boolean head) throws BadMessage {
        Fields fields = response.fields();
        byte[] bytes = fields.bytes();
        if (fields.end() < 15
                || bytes[0] != 'H'
                || bytes[1] != 'T'
                || bytes[2] != 'T'
                || bytes[3] != 'P'
                || bytes[4] != '/'
                || bytes[5] != '1'
                || bytes[6] != '.'
                || (bytes[7] != '0' && bytes[7] != '1')
                || bytes[8] != ' ') {
            throw new BadMessage(502, "status line is malformed");
        }
        boolean old = bytes[7] == '0';
        response.status(status(bytes));
        int i = 12;
        while (Octets.isValue(bytes[i])) {
            i++;
        }
        if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
            throw new BadMessage(502, "status line is malformed");
        }
        FieldLines.parse(fields, i + 2, 502);
        frame(response, fields, head, old);
    }

    private static int status(byte[] bytes) throws BadMessage {
        int status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new BadMessage(502, "status is malformed");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || status > 999 || (bytes[12] != ' ' && bytes[12] != '\r')) {
            throw new BadMessage(502, "status is malformed");
        }
        return status;
    }

    private void frame(ResponseHead response, Fields fields, boolean head, boolean old) throws BadMessage {
        long length = FieldLines.contentLength(fields, 502);
        int coding = fields.find(FieldName.TRANSFER_ENCODING, 0);
        boolean chunked = coding >= 0;
        boolean both = false;
        if (chunked) {
            if (fields.find(FieldName.TRANSFER_ENCODING, coding + 1) >= 0
                    || !FieldLines.isToken(fields, coding, "chunked")) {
                throw new BadMessage(502, "transfer coding is not chunked");
            }
            // RFC 9112, 6.3: the coding counts, and such a connection is not used again.
            both = length >= 0;
            if (both) {
                fields.remove(FieldName.text(FieldName.CONTENT_LENGTH));
            }
            length = -1;
        }
        response.length(length);
        if (head || Statuses.bodiless(response.status())) {
            framing = Framing.NONE;
        } else if (chunked) {
            framing = Framing.CHUNKED;
        } else if (length >= 0) {
            framing = length == 0 ? Framing.NONE : Framing.LENGTH;
        } else {
            framing = Framing.CLOSE;
        }
        keepAlive = !both && framing != Framing.CLOSE && keeps(fields, old);
    }

    private static boolean keeps(Fields fields, boolean old) {
        if (!fields.has(FieldName.CONNECTION)) {
            return !old;
        }
        boolean close = FieldLines.hasToken(fields, FieldName.CONNECTION, "close");
        return !close && (!old || FieldLines.hasToken(fields, FieldName.CONNECTION, "keep-alive"));
    }
}
