package dev.weft.cni.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What the shim is told: how to exit and what to print.
 *
 * @param exitCode 0 or 1
 * @param stdout text for the runtime; empty where the specification wants no output
 */
public record Reply(int exitCode, String stdout) {

    /** Success without output: DEL, CHECK, GC, STATUS. */
    public static final Reply DONE = new Reply(0, "");

    /** Success of ADD. */
    public static Reply of(CniVersion version, CniResult result) {
        return new Reply(0, result.toJson(version));
    }

    /** A failure, in the shape that the specification gives errors. */
    public static Reply of(CniVersion version, CniException failure) {
        Map<String, Object> error = JsonFields.object(
                "cniVersion", version.toString(),
                "code", failure.error().code(),
                "msg", failure.text());
        if (!failure.details().isEmpty()) {
            error.put("details", failure.details());
        }
        return new Reply(1, JsonFields.text(error));
    }

    /** The message for the shim, UTF-8 JSON. */
    public byte[] toMessage() {
        return JsonFields.text(JsonFields.object("exitCode", exitCode, "stdout", stdout))
                .getBytes(StandardCharsets.UTF_8);
    }
}
