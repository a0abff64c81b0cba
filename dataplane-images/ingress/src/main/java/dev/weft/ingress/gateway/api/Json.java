package dev.weft.ingress.gateway.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value to be read leniently: what is missing or of another type is empty.
 *
 * @param value as {@link dev.weft.kube.JsonInput#value()} gives it
 */
record Json(@Nullable Object value) {
    static final Json NOTHING = new Json(null);

    /** The object as it is, such as a status. */
    Map<String, Object> asMap() {
        if (!(value instanceof Map<?, ?> map)) {
            return Map.of();
        }
        Map<String, Object> copy = new HashMap<>();
        map.forEach((name, field) -> {
            if (name instanceof String text && field != null) {
                copy.put(text, field);
            }
        });
        return copy;
    }

    Json get(String field) {
        return value instanceof Map<?, ?> map ? new Json(map.get(field)) : NOTHING;
    }

    boolean has(String field) {
        return get(field).value != null;
    }

    String string(String field) {
        return get(field).text();
    }

    String string(String field, String otherwise) {
        return get(field).value instanceof String text ? text : otherwise;
    }

    Optional<String> optional(String field) {
        return get(field).value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** 0 if there is none, or one that no field of Gateway API has. */
    int integer(String field) {
        return integer(field, 0);
    }

    int integer(String field, int otherwise) {
        return get(field).value instanceof Long number && number == number.intValue() ? number.intValue() : otherwise;
    }

    boolean isTrue(String field) {
        return Boolean.TRUE.equals(get(field).value);
    }

    List<Json> array(String field) {
        return get(field).value instanceof List<?> items
                ? items.stream().map(Json::new).toList()
                : List.of();
    }

    List<String> strings(String field) {
        return get(field).value instanceof List<?> items
                ? items.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    /** An object whose values are strings, such as labels. */
    Map<String, String> map(String field) {
        if (!(get(field).value instanceof Map<?, ?> map)) {
            return Map.of();
        }
        Map<String, String> strings = new HashMap<>();
        map.forEach((name, text) -> {
            if (name instanceof String key && text instanceof String string) {
                strings.put(key, string);
            }
        });
        return strings;
    }

    private String text() {
        return Objects.requireNonNullElse(value instanceof String text ? text : null, "");
    }
}
