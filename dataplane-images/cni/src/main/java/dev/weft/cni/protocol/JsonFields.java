package dev.weft.cni.protocol;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with typed, named access. A field is found whatever the case of its letters when none has the exact name,
 * as Go's encoding/json does: containerd's port mappings say {@code HostPort}. Every failure is a {@link CniException} with code 6 (not JSON) or 7 (a field
 * is missing or wrong) that says which field.
 *
 * @param fields the object as jackson-jr reads it
 * @param path where it stands in its document, empty for the root
 */
public record JsonFields(Map<?, ?> fields, String path) {

    public static JsonFields parse(byte[] utf8) throws CniException {
        try {
            if (JSON.std.anyFrom(new String(utf8, StandardCharsets.UTF_8)) instanceof Map<?, ?> map) {
                return new JsonFields(map, "");
            }
        } catch (IOException e) {
            throw new CniException(CniError.UNDECODABLE, "not JSON: " + e.getMessage(), e);
        }
        throw new CniException(CniError.UNDECODABLE, "not a JSON object");
    }

    /** A map that keeps the order of its fields. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    public static String text(Map<String, Object> object) {
        try {
            return JSON.std.asString(object);
        } catch (IOException e) {
            throw new IllegalStateException("maps, lists, strings and numbers always have a JSON text", e);
        }
    }

    /** Whether the field is there; {@code null} counts as absent. */
    public boolean has(String name) {
        return get(name) != null;
    }

    public String string(String name) throws CniException {
        return as(name, String.class, "a string");
    }

    /** A string; empty when absent. */
    public String optionalString(String name) throws CniException {
        return has(name) ? string(name) : "";
    }

    /** A whole number in the range of {@code long}. */
    public long number(String name) throws CniException {
        return switch (as(name, Number.class, "a number")) {
            case Long value -> value;
            case Integer value -> value;
            default -> throw wrong(name, "a whole number below 2^63");
        };
    }

    /** A whole number; 0 when absent. */
    public long optionalNumber(String name) throws CniException {
        return has(name) ? number(name) : 0;
    }

    /** A whole number that fits 32 bits; 0 when absent. */
    public int optionalInteger(String name) throws CniException {
        long value = optionalNumber(name);
        if (value != (int) value) {
            throw wrong(name, "a 32-bit number");
        }
        return (int) value;
    }

    public Optional<JsonFields> optionalObject(String name) throws CniException {
        return has(name) ? Optional.of(new JsonFields(as(name, Map.class, "an object"), at(name))) : Optional.empty();
    }

    /** A list of objects; empty when absent. */
    public List<JsonFields> objects(String name) throws CniException {
        List<?> list = has(name) ? as(name, List.class, "a list") : List.of();
        for (Object item : list) {
            if (!(item instanceof Map<?, ?>)) {
                throw wrong(name, "a list of objects");
            }
        }
        return list.stream()
                .map(item -> new JsonFields((Map<?, ?>) item, at(name) + "[]"))
                .toList();
    }

    /** A list of strings; empty when absent. */
    public List<String> strings(String name) throws CniException {
        List<?> list = has(name) ? as(name, List.class, "a list") : List.of();
        for (Object item : list) {
            if (!(item instanceof String)) {
                throw wrong(name, "a list of strings");
            }
        }
        return list.stream().map(String.class::cast).toList();
    }

    /** The failure of a field that is none of what it should be. */
    public CniException wrong(String name, String what) {
        Object value = get(name);
        return new CniException(
                CniError.INVALID_CONFIG,
                "field " + at(name) + (value == null ? " is missing" : " is not " + what + ": " + value));
    }

    /** The field's name with its place in the document. */
    public String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private @Nullable Object get(String name) {
        Object exact = fields.get(name);
        return exact != null ? exact : anyCase(name);
    }

    private @Nullable Object anyCase(String name) {
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            if (field.getKey() instanceof String key && key.equalsIgnoreCase(name)) {
                return field.getValue();
            }
        }
        return null;
    }

    private <T> T as(String name, Class<T> type, String what) throws CniException {
        Object value = get(name);
        if (!type.isInstance(value)) {
            throw wrong(name, what);
        }
        return type.cast(value);
    }
}
