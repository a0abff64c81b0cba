package dev.weft.kube;

/** An object as it was read: its metadata and what the kind's decoder made of it. */
record DecodedObject<T>(ObjectMeta meta, T value) {

    /** Reads the object the input stands at. */
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
        return new DecodedObject<>(meta[0], draft.finish(meta[0]));
    }

    /** The key; an object without a name is no object. */
    ObjectKey key() throws KubeFormatException {
        if (meta.name().isEmpty()) {
            throw new KubeFormatException("object without metadata.name", null);
        }
        return meta.key();
    }
}
