package dev.weft.kube;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects of several kinds from text, as {@code kubectl get -o json} prints them: single ones, a {@code List}, or several
 * documents. {@code kind} must come before what the kind's decoder reads, as kubectl and the API server have it.
 */
public final class ObjectStream {
    /** Takes an object as its kind's decoder made it. */
    public interface Sink {
        void object(String kind, ObjectKey key, Object value);
    }

    private final Map<String, Decoder<?>> decoders;
    private final Sink sink;

    /** @param decoders by kind; objects of other kinds are passed over */
    public ObjectStream(Map<String, Decoder<?>> decoders, Sink sink) {
        this.decoders = Map.copyOf(decoders);
        this.sink = sink;
    }

    /**
     * Reads all there is.
     *
     * @throws KubeFormatException if that is no JSON, or an object of a known kind has no name
     */
    public void read(JsonInput in) throws KubeException {
        while (in.advance()) {
            object(in);
        }
    }

    private void object(JsonInput in) throws KubeException {
        Reading reading = new Reading();
        in.object(reading::field);
        reading.end();
    }

    private final class Reading {
        private String kind = "";
        private ObjectMeta meta = ObjectMeta.NONE;
        private Decoder.@Nullable Draft<?> draft;

        void field(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "kind" -> {
                    kind = in.string();
                    Decoder<?> decoder = decoders.get(kind);
                    draft = decoder == null ? null : decoder.begin();
                }
                case "metadata" -> meta = ObjectMeta.read(in);
                case "items" -> in.array(ObjectStream.this::object);
                default -> {
                    if (draft != null) {
                        draft.field(name, in);
                    }
                }
            }
        }

        void end() throws KubeFormatException {
            if (draft == null) {
                return;
            }
            if (meta.name().isEmpty()) {
                throw new KubeFormatException(kind + " without metadata.name", null);
            }
            sink.object(kind, meta.key(), draft.finish(meta));
        }
    }
}
