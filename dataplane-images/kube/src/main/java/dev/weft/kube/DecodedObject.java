package dev.weft.kube;

/** An object as it was read: its metadata and what the kind's decoder made of it. */
record DecodedObject<T>(ObjectMeta meta, T value) {

    /** Reads the object the input stands at; one without a name is no object. */
    static <T> DecodedObject<T> read(JsonInput in, Decoder<T> decoder) throws KubeException {
        Decoder.Draft<T> draft = decoder.begin();
        ObjectMeta[] meta = {ObjectMeta.NONE};
        in.object((name, value) -> {
            if (name.equals("metadata")) {
                meta[0] = ObjectMeta.read(value);
            } else {
                draft.field(name, value);
            }
        });
        if (meta[0].name().isEmpty()) {
            throw new KubeFormatException("object without metadata.name", null);
        }
        return new DecodedObject<>(meta[0], draft.finish(meta[0]));
    }

    ObjectKey key() {
        return meta.key();
    }
}
