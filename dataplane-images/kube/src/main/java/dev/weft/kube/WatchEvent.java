package dev.weft.kube;

/** One event of a watch. */
sealed interface WatchEvent<T> {

    /** {@code ADDED} or {@code MODIFIED}: the object is like this now. */
    record Put<T>(DecodedObject<T> object) implements WatchEvent<T> {}

    /** {@code DELETED}, also for an object that no longer matches the selector. */
    record Removed<T>(DecodedObject<T> object) implements WatchEvent<T> {}

    /** {@code BOOKMARK}: all up to this resource version was told. */
    record Bookmark<T>(String resourceVersion) implements WatchEvent<T> {}

    /** {@code ERROR}: the watch ends. */
    record Failed<T>(ApiStatus status) implements WatchEvent<T> {}

    /** A type this release does not know, or none. */
    record Unknown<T>(String type) implements WatchEvent<T> {}

    /** Reads the event the input stands at. */
    static <T> WatchEvent<T> read(JsonInput in, Decoder<T> decoder) throws KubeException {
        if (!in.isObject()) {
            throw new KubeFormatException("watch event is not a JSON object", null);
        }
        Reader<T> reader = new Reader<>(decoder);
        in.object(reader::field);
        return reader.event;
    }

    /** The API server writes {@code type} before {@code object}; that order is relied on to read without keeping. */
    final class Reader<T> {
        private final Decoder<T> decoder;
        private String type = "";
        private WatchEvent<T> event = new Unknown<>("");

        private Reader(Decoder<T> decoder) {
            this.decoder = decoder;
        }

        private void field(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "type" -> type = in.string();
                case "object" -> event = object(in);
                default -> {}
            }
        }

        /** A bookmark's object has no name, so it is nothing for decoders. */
        private static String resourceVersion(JsonInput in) throws KubeException {
            ObjectMeta[] meta = {ObjectMeta.NONE};
            in.object((name, value) -> {
                if (name.equals("metadata")) {
                    meta[0] = ObjectMeta.read(value);
                }
            });
            return meta[0].resourceVersion();
        }

        private WatchEvent<T> object(JsonInput in) throws KubeException {
            return switch (type) {
                case "ADDED", "MODIFIED" -> new Put<>(DecodedObject.read(in, decoder));
                case "DELETED" -> new Removed<>(DecodedObject.read(in, decoder));
                case "BOOKMARK" -> new Bookmark<>(resourceVersion(in));
                case "ERROR" -> new Failed<>(ApiStatus.read(in));
                default -> new Unknown<>(type);
            };
        }
    }
}
