package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import java.util.List;
import java.util.Map;

/**
 * A BackendTLSPolicy: how TLS is spoken to Services.
 *
 * @param authorities in its own namespace
 * @param wellKnown such as {@code System}, instead of authorities; empty if there are some
 * @param hostname sent as SNI, and what the certificate has to be for unless there are {@code subjectAltNames}
 * @param subjectAltNames host names and URIs, of which the certificate has to have one
 */
public record BackendTlsPolicy(
        Meta meta,
        List<TargetRef> targets,
        List<Reference> authorities,
        String wellKnown,
        String hostname,
        List<String> subjectAltNames,
        Map<String, Object> status) {
    static final Decoder<BackendTlsPolicy> DECODER = SpecDraft.of((meta, spec, status) -> {
        Json validation = spec.get("validation");
        return new BackendTlsPolicy(
                meta,
                spec.array("targetRefs").stream().map(TargetRef::of).toList(),
                validation.array("caCertificateRefs").stream()
                        .map(ref -> Reference.of(ref, "", ""))
                        .toList(),
                validation.string("wellKnownCACertificates"),
                validation.string("hostname"),
                validation.array("subjectAltNames").stream()
                        .map(name -> name.string(name.string("type").equals("URI") ? "uri" : "hostname"))
                        .filter(name -> !name.isEmpty())
                        .toList(),
                status);
    });

    public BackendTlsPolicy {
        targets = List.copyOf(targets);
        authorities = List.copyOf(authorities);
        subjectAltNames = List.copyOf(subjectAltNames);
        status = Map.copyOf(status);
    }

    /** @param sectionName a port's name; empty for all ports */
    public record TargetRef(String group, String kind, String name, String sectionName) {
        static TargetRef of(Json json) {
            return new TargetRef(
                    json.string("group"), json.string("kind"), json.string("name"), json.string("sectionName"));
        }
    }
}
