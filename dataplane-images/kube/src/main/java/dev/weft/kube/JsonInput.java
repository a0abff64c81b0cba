package dev.weft.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as it comes, keeping nothing. It stands at one value at a time.
 *
 * <p>Lenient in meaning, strict in form: a value of another type than asked for reads as empty (the API server checks
 * its objects, and a field that is new in its meaning must not stop a node), bytes that are no JSON are a
 * {@link KubeFormatException}, and a connection that breaks is a {@link KubeUnreachableException}.
 */
public final class JsonInput implements AutoCloseable {
    /** Annotations are at most 256 KiB an object, a ConfigMap 1 MiB. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(4 << 20)
                    .maxNestingDepth(200)
                    .build())
            // Label keys are field names: users choose them, so neither interned for ever nor trusted to hash well.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .enable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();

    private final JsonParser parser;

    /** A field of an object. The input stands at the field's value; what the handler does not read is skipped. */
    public interface FieldHandler {
        void field(String name, JsonInput in) throws KubeException;
    }

    /** An item of an array. The input stands at it; what the handler does not read is skipped. */
    public interface ItemHandler {
        void item(JsonInput in) throws KubeException;
    }

    /** Reads a document or several; closing it closes the stream. */
    public JsonInput(InputStream bytes) throws KubeException {
        try {
            parser = FACTORY.createParser(bytes);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Moves to the next value of the stream; false at its end. */
    public boolean advance() throws KubeException {
        return next() != null;
    }

    /** Reads the object here; nothing if the value is no object. */
    public void object(FieldHandler handler) throws KubeException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (true) {
            JsonToken token = next();
            if (token == JsonToken.END_OBJECT) {
                return;
            }
            if (token != JsonToken.FIELD_NAME) {
                throw new KubeFormatException("JSON ended within an object", null);
            }
            String name = name();
            next();
            handler.field(name, this);
            skipUnread();
        }
    }

    /** Reads the array here; nothing if the value is no array. */
    public void array(ItemHandler handler) throws KubeException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return;
        }
        while (true) {
            JsonToken token = next();
            if (token == JsonToken.END_ARRAY) {
                return;
            }
            if (token == null) {
                throw new KubeFormatException("JSON ended within an array", null);
            }
            handler.item(this);
            skipUnread();
        }
    }

    /** The string here; empty if the value is none. */
    public String string() throws KubeException {
        try {
            return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The whole 32-bit number here; 0 if the value is none. */
    public int integer() throws KubeException {
        try {
            return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && parser.getNumberType() == JsonParser.NumberType.INT
                    ? parser.getIntValue()
                    : 0;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Whether the value here is {@code true}. */
    public boolean isTrue() {
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    /** Whether the value here is {@code false}; unlike {@code !isTrue()} not so for null. */
    public boolean isFalse() {
        return parser.currentToken() == JsonToken.VALUE_FALSE;
    }

    /** The truth value here; empty if the value is none. */
    public Optional<Boolean> bool() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> Optional.of(true);
            case VALUE_FALSE -> Optional.of(false);
            case null, default -> Optional.empty();
        };
    }

    /**
     * The whole value here, for parts of objects that are kept as they are: objects as maps in the order of their fields,
     * arrays as lists, and strings, truth values, {@code Long}, {@code Double} or null. Numbers too large for these are as
     * good as they get. Both maps and lists are unmodifiable.
     */
    public @Nullable Object value() throws KubeException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                object((name, in) -> fields.put(name, in.value()));
                yield Collections.unmodifiableMap(fields);
            }
            case START_ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                array(in -> items.add(in.value()));
                yield Collections.unmodifiableList(items);
            }
            case VALUE_STRING -> string();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> null;
        };
    }

    private Number number() throws KubeException {
        try {
            return switch (parser.getNumberType()) {
                case INT, LONG -> parser.getLongValue();
                default -> parser.getDoubleValue();
            };
        } catch (IOException e) {
            throw failed(e);
        }
    }

    public boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    private void skipUnread() throws KubeException {
        JsonToken token = parser.currentToken();
        if (token != null && token.isStructStart()) {
            try {
                parser.skipChildren();
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    private @Nullable JsonToken next() throws KubeException {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private String name() throws KubeException {
        try {
            return parser.currentName();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static KubeException failed(IOException e) {
        return switch (e) {
            case JsonProcessingException json ->
                new KubeFormatException("not JSON: " + json.getOriginalMessage(), json);
            // Bytes that look like UTF-16 or UCS-4, or are no UTF-8.
            case CharConversionException encoding ->
                new KubeFormatException("not JSON: " + encoding.getMessage(), encoding);
            default -> new KubeUnreachableException("answer broke off: " + e.getMessage(), e);
        };
    }

    @Override
    public void close() throws KubeException {
        try {
            parser.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
