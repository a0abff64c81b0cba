package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;
import java.util.Map;

/**
 * Reads spec and status of an object and lets the rest, such as managed fields, stream by. Specs of Gateway API are deep and
 * small: they are read as a whole first.
 */
final class SpecDraft<T> implements Decoder.Draft<T> {
    /** Makes the value. */
    interface Maker<T> {
        /** @param status as the server has it, to be compared with what it should be */
        T make(Meta meta, Json spec, Map<String, Object> status);
    }

    private final Maker<T> maker;
    private Json spec = Json.NOTHING;
    private Json status = Json.NOTHING;

    private SpecDraft(Maker<T> maker) {
        this.maker = maker;
    }

    static <T> Decoder<T> of(Maker<T> maker) {
        return () -> new SpecDraft<>(maker);
    }

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "spec" -> spec = new Json(in.value());
            case "status" -> status = new Json(in.value());
            default -> {}
        }
    }

    @Override
    public T finish(ObjectMeta meta) {
        return maker.make(Meta.of(meta), spec, status.asMap());
    }
}
