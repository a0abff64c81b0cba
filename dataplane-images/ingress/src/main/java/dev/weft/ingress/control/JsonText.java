package dev.weft.ingress.control;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;

/** The text of JSON objects. */
final class JsonText {
    private JsonText() {}

    static String of(Map<String, ?> object) {
        try {
            return JSON.std.asString(object);
        } catch (IOException e) {
            throw new IllegalStateException("maps, lists, strings and numbers always have a JSON text", e);
        }
    }
}
