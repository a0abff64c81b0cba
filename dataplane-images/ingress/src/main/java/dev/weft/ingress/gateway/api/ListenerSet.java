package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import java.util.List;
import java.util.Map;

/** A ListenerSet: listeners that join those of a Gateway. */
public record ListenerSet(Meta meta, Reference parent, List<ListenerSpec> listeners, Map<String, Object> status) {
    static final Decoder<ListenerSet> DECODER = SpecDraft.of((meta, spec, status) -> new ListenerSet(
            meta,
            Reference.of(spec.get("parentRef"), GatewayApi.GROUP, "Gateway"),
            spec.array("listeners").stream().map(ListenerSpec::of).toList(),
            status));

    public ListenerSet {
        listeners = List.copyOf(listeners);
        status = Map.copyOf(status);
    }
}
