package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import java.util.List;

/** A ReferenceGrant: who may refer to what in its namespace. */
public record ReferenceGrant(Meta meta, List<From> from, List<To> to) {
    static final Decoder<ReferenceGrant> DECODER = SpecDraft.of((meta, spec, status) -> new ReferenceGrant(
            // Nothing is written to it, so its version does not matter.
            new Meta(meta.key(), meta.uid(), "", meta.generation(), meta.created()),
            spec.array("from").stream()
                    .map(item -> new From(item.string("group"), item.string("kind"), item.string("namespace")))
                    .toList(),
            spec.array("to").stream()
                    .map(item -> new To(item.string("group"), item.string("kind"), item.string("name")))
                    .toList()));

    public ReferenceGrant {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    public record From(String group, String kind, String namespace) {}

    /** @param name empty for all */
    public record To(String group, String kind, String name) {}
}
