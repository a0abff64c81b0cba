package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.http.Statuses;
import java.nio.charset.StandardCharsets;

/** Answers of the proxy's own. */
public final class Answers {
    private Answers() {}

    /** A head without fields. */
    public static ResponseHead head(int status) {
        ResponseHead head = new ResponseHead().of(status);
        head.length(0);
        return head;
    }

    /** Status and reason as text, which is what people see who are refused. */
    public static byte[] body(int status) {
        return (status + " " + Statuses.reason(status) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
