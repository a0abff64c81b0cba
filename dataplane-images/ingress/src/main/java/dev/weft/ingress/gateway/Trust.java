package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.References;
import dev.weft.ingress.gateway.api.Reference;
import dev.weft.ingress.route.Certificate;
import dev.weft.kube.ObjectKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds certificates and authorities that are referred to, and remembers what was looked for. */
final class Trust {
    /** A certificate with its key, or why there is none. */
    record Found(Optional<Certificate> certificate, Optional<Problem> problem) {}

    /**
     * Authorities.
     *
     * @param pem all that were found
     * @param problem of the first that was not
     */
    record Authorities(String pem, Optional<Problem> problem) {}

    private static final String CA = "ca.crt";

    private final Cluster cluster;
    private final Grants grants;
    private final Pem pem;
    private final Set<ObjectKey> secrets = new HashSet<>();
    private final Set<ObjectKey> configMaps = new HashSet<>();

    Trust(Cluster cluster, Grants grants, Pem pem) {
        this.cluster = cluster;
        this.grants = grants;
        this.pem = pem;
    }

    References references() {
        return new References(secrets, configMaps, Set.of());
    }

    /** Data of a ConfigMap. */
    Optional<Map<String, String>> configMap(ObjectKey key) {
        configMaps.add(key);
        return cluster.configMap(key).map(map -> map.data());
    }

    /**
     * The certificate of a Secret.
     *
     * @param kind of Gateway API, of who refers
     * @param reason of the problem if it is not there or not good
     */
    Found certificate(Reference ref, String kind, String namespace, String reason) {
        if (!ref.is("", "Secret")) {
            return failed(reason, ref + " is no Secret");
        }
        ObjectKey key = ref.from(namespace);
        if (!grants.allow(kind, namespace, ref)) {
            return failed(
                    "RefNotPermitted",
                    "no ReferenceGrant in " + key.namespace() + " lets " + kind + "s of " + namespace
                            + " refer to Secret " + key.name());
        }
        secrets.add(key);
        Optional<Map<String, String>> data = cluster.secret(key).map(secret -> secret.data());
        if (data.isEmpty()) {
            return failed(reason, "Secret " + key + " does not exist");
        }
        String chain = data.get().getOrDefault("tls.crt", "");
        String secretKey = data.get().getOrDefault("tls.key", "");
        if (!pem.areCertificates(chain) || !pem.isKey(secretKey)) {
            return failed(reason, "Secret " + key + " has no certificate in tls.crt or no key in tls.key");
        }
        return new Found(Optional.of(new Certificate(key.toString(), chain, secretKey)), Optional.empty());
    }

    private static Found failed(String reason, String message) {
        return new Found(Optional.empty(), Optional.of(new Problem(reason, message)));
    }

    /**
     * Authorities in ConfigMaps.
     *
     * @param invalidRef reason if one is not there or not good
     * @param invalidKind reason if it is no ConfigMap
     */
    Authorities authorities(
            List<Reference> refs, String kind, String namespace, String invalidRef, String invalidKind) {
        StringBuilder found = new StringBuilder();
        Optional<Problem> problem = Optional.empty();
        for (Reference ref : refs) {
            Optional<Problem> failure = authority(ref, kind, namespace, invalidRef, invalidKind, found);
            problem = problem.or(() -> failure);
        }
        return new Authorities(found.toString(), problem);
    }

    private Optional<Problem> authority(
            Reference ref, String kind, String namespace, String invalidRef, String invalidKind, StringBuilder into) {
        if (!ref.is("", "ConfigMap")) {
            return Optional.of(new Problem(invalidKind, ref + " is no ConfigMap"));
        }
        ObjectKey key = ref.from(namespace);
        if (!grants.allow(kind, namespace, ref)) {
            return Optional.of(new Problem(
                    "RefNotPermitted",
                    "no ReferenceGrant in " + key.namespace() + " lets " + kind + "s of " + namespace
                            + " refer to ConfigMap " + key.name()));
        }
        Optional<Map<String, String>> data = configMap(key);
        if (data.isEmpty()) {
            return Optional.of(new Problem(invalidRef, "ConfigMap " + key + " does not exist"));
        }
        String text = data.get().getOrDefault(CA, "");
        if (!pem.areCertificates(text)) {
            return Optional.of(new Problem(invalidRef, "ConfigMap " + key + " has no certificate in " + CA));
        }
        into.append(text).append('\n');
        return Optional.empty();
    }
}
