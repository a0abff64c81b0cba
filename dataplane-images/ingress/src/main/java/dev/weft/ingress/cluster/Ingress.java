package dev.weft.ingress.cluster;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An Ingress (networking.k8s.io/v1).
 *
 * @param annotations those that are for Ingress controllers alone, by their whole names: others change for reasons of
 *     other people
 * @param className {@code spec.ingressClassName}
 * @param addresses what its status tells: addresses and host names
 */
public record Ingress(
        ObjectKey key,
        String uid,
        Instant created,
        Map<String, String> annotations,
        Optional<String> className,
        Optional<Backend> defaultBackend,
        List<Tls> tls,
        List<Rule> rules,
        List<String> addresses) {
    public Ingress {
        annotations = Map.copyOf(annotations);
        tls = List.copyOf(tls);
        rules = List.copyOf(rules);
        addresses = List.copyOf(addresses);
    }

    /** Whether another state of the Ingress differs in its status alone. */
    public boolean saysAs(Ingress before) {
        return uid.equals(before.uid)
                && key.equals(before.key)
                && created.equals(before.created)
                && annotations.equals(before.annotations)
                && className.equals(before.className)
                && defaultBackend.equals(before.defaultBackend)
                && tls.equals(before.tls)
                && rules.equals(before.rules);
    }

    public ObjectReference reference() {
        return new ObjectReference("networking.k8s.io/v1", "Ingress", key.namespace(), key.name(), uid);
    }

    /** @param secret may be empty: then the default certificate is shown */
    public record Tls(List<String> hosts, String secret) {
        public Tls {
            hosts = List.copyOf(hosts);
        }
    }

    /** @param host empty for any */
    public record Rule(String host, List<Path> paths) {
        public Rule {
            paths = List.copyOf(paths);
        }
    }

    /**
     * @param path empty for all
     * @param type such as {@code Prefix}
     */
    public record Path(String path, PathType type, Backend backend) {}

    public enum PathType {
        EXACT,
        PREFIX,
        IMPLEMENTATION_SPECIFIC
    }

    /** Who answers. */
    public sealed interface Backend {
        /**
         * @param portName empty if it is given by number
         * @param portNumber 0 if it is given by name
         */
        record OfService(String service, String portName, int portNumber) implements Backend {}

        /** {@code resource}: something else than a Service. */
        record OfResource(String apiGroup, String kind, String name) implements Backend {}
    }
}
