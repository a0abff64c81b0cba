package dev.weft.config;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes JSON from maps that keep their order: the same value is always the same text. */
final class JsonText {
    private JsonText() {}

    /** @param namesAndValues a String, its value, and so on */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    static List<String> strings(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    static String of(Map<String, Object> object) {
        try {
            return JSON.std.asString(object);
        } catch (IOException e) {
            throw new IllegalStateException("maps, lists, strings and numbers always have a JSON text", e);
        }
    }
}
