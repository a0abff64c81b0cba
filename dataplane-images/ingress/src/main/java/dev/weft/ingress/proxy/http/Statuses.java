package dev.weft.ingress.proxy.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** Status lines and what goes with a status (RFC 9110, 15). */
public final class Statuses {
    private static final byte[][] LINES = new byte[600][];

    static {
        for (int status = 100; status < LINES.length; status++) {
            LINES[status] =
                    ("HTTP/1.1 " + status + " " + reason(status) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private Statuses() {}

    public static String reason(int status) {
        return status == 499
                ? "Client Closed Request"
                : HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    /** The first line of an answer, with its end. */
    public static byte[] line(int status) {
        return status >= 100 && status < LINES.length
                ? LINES[status]
                : ("HTTP/1.1 " + status + " \r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether an answer of this status never has a body (RFC 9110, 6.4.1). */
    public static boolean bodiless(int status) {
        return status < 200 || status == 204 || status == 304;
    }
}
