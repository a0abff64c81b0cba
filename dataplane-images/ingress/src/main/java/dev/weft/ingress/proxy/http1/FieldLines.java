package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.Octets;

/** Parses field lines (RFC 9112, 5), strictly: what two readers could read differently is refused. */
final class FieldLines {
    /** So many lines are of no use to anybody. */
    private static final int MOST = 256;

    private FieldLines() {}

    /**
     * Indexes the lines from {@code at} to the empty one at the end of the bytes.
     *
     * @param status of the refusal
     */
    static void parse(Fields fields, int at, int status) throws BadMessage {
        byte[] bytes = fields.bytes();
        int end = fields.end() - 2;
        int i = at;
        while (i < end) {
            int nameStart = i;
            boolean plain = true;
            while (Octets.isToken(bytes[i])) {
                plain &= Octets.isPlain(bytes[i]);
                i++;
            }
            if (!plain) {
                fields.odd();
            }
            int nameEnd = i;
            if (nameEnd == nameStart || bytes[i] != ':') {
                throw new BadMessage(status, refusal(bytes[i], nameStart == nameEnd));
            }
            i++;
            while (bytes[i] == ' ' || bytes[i] == '\t') {
                i++;
            }
            int valueStart = i;
            while (Octets.isValue(bytes[i])) {
                i++;
            }
            int lineEnd = i;
            if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
                throw new BadMessage(status, "header field has a control character");
            }
            int valueEnd = lineEnd;
            while (valueEnd > valueStart && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
                valueEnd--;
            }
            fields.index(
                    nameStart,
                    nameEnd,
                    valueStart,
                    valueEnd,
                    valueStart == nameEnd + 2 && valueEnd == lineEnd && bytes[nameEnd + 1] == ' ');
            i = lineEnd + 2;
        }
        if (fields.count() > MOST) {
            throw new BadMessage(status == 400 ? 431 : status, "more than " + MOST + " header fields");
        }
    }

    private static String refusal(byte b, boolean first) {
        if (first && (b == ' ' || b == '\t')) {
            return "header field is folded";
        }
        return b == ' ' || b == '\t' ? "white space before the colon" : "header field's name is malformed";
    }

    /**
     * The value of Content-Length: digits, once.
     *
     * @return -1 if there is none
     */
    static long contentLength(Fields fields, int status) throws BadMessage {
        int field = fields.find(FieldName.CONTENT_LENGTH, 0);
        if (field < 0) {
            return -1;
        }
        long length = number(fields, field, status);
        for (int next = fields.find(FieldName.CONTENT_LENGTH, field + 1);
                next >= 0;
                next = fields.find(FieldName.CONTENT_LENGTH, next + 1)) {
            // Of a request one is allowed. Backends are met with that send the same twice (RFC 9112, 6.3).
            if (status == 400 || number(fields, next, status) != length) {
                throw new BadMessage(status, "several Content-Length fields");
            }
            fields.drop(next);
        }
        return length;
    }

    private static long number(Fields fields, int field, int status) throws BadMessage {
        byte[] bytes = fields.bytes();
        int start = fields.valueStart(field);
        int end = fields.valueEnd(field);
        if (start == end || end - start > 18) {
            throw new BadMessage(status, "Content-Length is malformed");
        }
        long number = 0;
        for (int i = start; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new BadMessage(status, "Content-Length is malformed");
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Whether a value is this token, in any case. */
    static boolean isToken(Fields fields, int field, String token) {
        int start = fields.valueStart(field);
        if (fields.valueEnd(field) - start != token.length()) {
            return false;
        }
        byte[] bytes = fields.bytes();
        for (int i = 0; i < token.length(); i++) {
            if ((bytes[start + i] | 0x20) != token.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a comma-separated list, over all lines of that name, has this token. */
    static boolean hasToken(Fields fields, int id, String token) {
        for (int field = fields.find(id, 0); field >= 0; field = fields.find(id, field + 1)) {
            if (isToken(fields, field, token)) {
                return true;
            }
            for (String part : fields.value(field).split(",")) {
                if (part.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }
}
