package dev.weft.config;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A JSON object with typed, named access. Every failure is a {@link ConfigFormatException} that says which field.
 *
 * @param fields the object as jackson-jr reads it
 * @param path where it stands in its document, empty for the root
 */
record JsonObject(Map<?, ?> fields, String path) {

    static JsonObject parse(String json) {
        try {
            if (JSON.std.anyFrom(json) instanceof Map<?, ?> map) {
                return new JsonObject(map, "");
            }
        } catch (IOException e) {
            throw new ConfigFormatException("not JSON: " + e.getMessage(), e);
        }
        throw new ConfigFormatException("not a JSON object");
    }

    boolean has(String name) {
        return fields.get(name) != null;
    }

    String string(String name) {
        return as(name, String.class, "a string");
    }

    boolean bool(String name) {
        return as(name, Boolean.class, "true or false");
    }

    long number(String name) {
        Number value = as(name, Number.class, "a number");
        if (value.longValue() != value.doubleValue()) {
            throw wrong(name, "a whole number");
        }
        return value.longValue();
    }

    int integer(String name) {
        long value = number(name);
        if (value != (int) value) {
            throw wrong(name, "a 32-bit number");
        }
        return (int) value;
    }

    JsonObject object(String name) {
        return new JsonObject(as(name, Map.class, "an object"), at(name));
    }

    /** A list, empty when absent, of strings turned into values. */
    <T> List<T> strings(String name, Function<String, T> parse) {
        return list(name).stream()
                .map(item -> {
                    if (!(item instanceof String text)) {
                        throw wrong(name, "a list of strings");
                    }
                    return value(name, text, parse);
                })
                .toList();
    }

    /** A list, empty when absent, of objects. */
    List<JsonObject> objects(String name) {
        return list(name).stream()
                .map(item -> {
                    if (!(item instanceof Map<?, ?> map)) {
                        throw wrong(name, "a list of objects");
                    }
                    return new JsonObject(map, at(name) + "[]");
                })
                .toList();
    }

    <T> T value(String name, Function<String, T> parse) {
        return value(name, string(name), parse);
    }

    private <T> T value(String name, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (RuntimeException e) {
            throw new ConfigFormatException("field " + at(name) + ": " + e.getMessage(), e);
        }
    }

    private List<?> list(String name) {
        return fields.get(name) == null ? List.of() : as(name, List.class, "a list");
    }

    private <T> T as(String name, Class<T> type, String what) {
        Object value = fields.get(name);
        if (!type.isInstance(value)) {
            throw wrong(name, what);
        }
        return type.cast(value);
    }

    private ConfigFormatException wrong(String name, String what) {
        Object value = fields.get(name);
        return new ConfigFormatException(
                "field " + at(name) + (value == null ? " is missing" : " is not " + what + ": " + value));
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
