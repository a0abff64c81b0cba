package dev.weft.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The JSON of Events (events.k8s.io/v1). */
final class EventJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** MicroTime: always six digits. */
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private EventJson() {}

    /** A new Event that happened {@code count} times; a series needs 2 or more. */
    static String create(
            EventNote note, String name, Instant first, int count, Instant last, String controller, String instance) {
        return json(out -> {
            out.writeStartObject();
            out.writeStringField("apiVersion", "events.k8s.io/v1");
            out.writeStringField("kind", "Event");
            out.writeObjectFieldStart("metadata");
            out.writeStringField("name", name);
            out.writeStringField("namespace", note.regarding().eventNamespace());
            out.writeEndObject();
            out.writeStringField("eventTime", MICROS.format(first));
            out.writeStringField("reportingController", controller);
            out.writeStringField("reportingInstance", instance);
            out.writeStringField("type", note.warning() ? "Warning" : "Normal");
            out.writeStringField("reason", note.reason());
            out.writeStringField("action", note.action());
            out.writeStringField("note", note.note());
            reference(out, note.regarding());
            if (count > 1) {
                series(out, count, last);
            }
            out.writeEndObject();
        });
    }

    /** A merge patch that says the Event happened again. */
    static String repeat(int count, Instant last) {
        return json(out -> {
            out.writeStartObject();
            series(out, count, last);
            out.writeEndObject();
        });
    }

    private static void reference(JsonGenerator out, ObjectReference object) throws IOException {
        out.writeObjectFieldStart("regarding");
        out.writeStringField("apiVersion", object.apiVersion());
        out.writeStringField("kind", object.kind());
        if (!object.namespace().isEmpty()) {
            out.writeStringField("namespace", object.namespace());
        }
        out.writeStringField("name", object.name());
        if (!object.uid().isEmpty()) {
            out.writeStringField("uid", object.uid());
        }
        out.writeEndObject();
    }

    private static void series(JsonGenerator out, int count, Instant last) throws IOException {
        out.writeObjectFieldStart("series");
        out.writeNumberField("count", count);
        out.writeStringField("lastObservedTime", MICROS.format(last));
        out.writeEndObject();
    }

    private interface Content {
        void write(JsonGenerator out) throws IOException;
    }

    private static String json(Content content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            content.write(out);
        } catch (IOException e) {
            throw new IllegalStateException("a StringWriter takes everything", e);
        }
        return text.toString();
    }
}
