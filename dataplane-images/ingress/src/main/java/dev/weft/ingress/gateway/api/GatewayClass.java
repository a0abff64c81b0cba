package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import java.util.Map;
import java.util.Optional;

/** A GatewayClass. */
public record GatewayClass(Meta meta, String controller, Optional<Reference> parameters, Map<String, Object> status) {
    static final Decoder<GatewayClass> DECODER = SpecDraft.of((meta, spec, status) -> new GatewayClass(
            meta,
            spec.string("controllerName"),
            spec.has("parametersRef") ? Optional.of(Reference.of(spec.get("parametersRef"), "", "")) : Optional.empty(),
            status));

    public GatewayClass {
        status = Map.copyOf(status);
    }
}
