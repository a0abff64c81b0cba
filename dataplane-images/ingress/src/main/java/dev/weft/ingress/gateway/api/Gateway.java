package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Gateway.
 *
 * @param allowedListeners whose ListenerSets may join
 * @param clientCertificate what backends are shown
 * @param clients how certificates of clients are checked
 * @param clientsByPort likewise, for listeners of a port
 */
public record Gateway(
        Meta meta,
        String className,
        List<ListenerSpec> listeners,
        List<Address> addresses,
        Infrastructure infrastructure,
        NamespaceRule allowedListeners,
        Optional<Reference> clientCertificate,
        Optional<ClientValidation> clients,
        Map<Integer, Optional<ClientValidation>> clientsByPort,
        Map<String, Object> status) {
    static final Decoder<Gateway> DECODER = SpecDraft.of(Gateway::read);

    public Gateway {
        listeners = List.copyOf(listeners);
        addresses = List.copyOf(addresses);
        clientsByPort = Map.copyOf(clientsByPort);
        status = Map.copyOf(status);
    }

    /** @param value empty to have one of the type chosen */
    public record Address(String type, String value) {
        public static final String IP = "IPAddress";
    }

    /** What is made for the Gateway. */
    public record Infrastructure(
            Map<String, String> labels, Map<String, String> annotations, Optional<Reference> parameters) {
        public Infrastructure {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
        }
    }

    /**
     * How certificates of clients are checked.
     *
     * @param insecure whether connections without one, or with one that is wrong, are let in
     */
    public record ClientValidation(List<Reference> authorities, boolean insecure) {
        public ClientValidation {
            authorities = List.copyOf(authorities);
        }

        static Optional<ClientValidation> of(Json tls) {
            Json validation = tls.get("validation");
            if (!tls.has("validation")) {
                return Optional.empty();
            }
            return Optional.of(new ClientValidation(
                    validation.array("caCertificateRefs").stream()
                            .map(ref -> Reference.of(ref, "", ""))
                            .toList(),
                    validation.string("mode").equals("AllowInsecureFallback")));
        }
    }

    /** How the certificate of a client is checked that comes to a port. */
    public Optional<ClientValidation> clients(int port) {
        Optional<ClientValidation> own = clientsByPort.get(port);
        return own != null ? own : clients;
    }

    private static Gateway read(Meta meta, Json spec, Map<String, Object> status) {
        Json infrastructure = spec.get("infrastructure");
        Json backend = spec.get("tls").get("backend");
        Json frontend = spec.get("tls").get("frontend");
        Map<Integer, Optional<ClientValidation>> byPort = new HashMap<>();
        frontend.array("perPort")
                .forEach(item -> byPort.put(item.integer("port"), ClientValidation.of(item.get("tls"))));
        return new Gateway(
                meta,
                spec.string("gatewayClassName"),
                spec.array("listeners").stream().map(ListenerSpec::of).toList(),
                spec.array("addresses").stream()
                        .map(item -> new Address(item.string("type", Address.IP), item.string("value")))
                        .toList(),
                new Infrastructure(
                        infrastructure.map("labels"),
                        infrastructure.map("annotations"),
                        infrastructure.has("parametersRef")
                                ? Optional.of(Reference.of(infrastructure.get("parametersRef"), "", ""))
                                : Optional.empty()),
                NamespaceRule.of(spec.get("allowedListeners").get("namespaces"), NamespaceRule.From.NONE),
                backend.has("clientCertificateRef")
                        ? Optional.of(Reference.of(backend.get("clientCertificateRef"), "", "Secret"))
                        : Optional.empty(),
                ClientValidation.of(frontend.get("default")),
                byPort,
                status);
    }
}
