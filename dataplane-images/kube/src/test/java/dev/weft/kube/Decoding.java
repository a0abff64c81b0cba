package dev.weft.kube;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** Decodes single documents. */
final class Decoding {
    private Decoding() {}

    static Node node(String json) throws KubeException {
        return node(json.getBytes(StandardCharsets.UTF_8));
    }

    static Node node(byte[] json) throws KubeException {
        return read(json, KindSpec.nodes());
    }

    static <T> T read(byte[] json, KindSpec<T> kind) throws KubeException {
        try (JsonInput in = new JsonInput(new ByteArrayInputStream(json))) {
            in.advance();
            return DecodedObject.read(in, kind.decoder()).value();
        }
    }
}
