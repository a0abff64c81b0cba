package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.compile.UpstreamPlan.Source;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.Upstream.Balancing;
import dev.weft.ingress.route.Upstream.Protocol;
import dev.weft.ingress.route.UpstreamTls;
import dev.weft.kube.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How backends are spoken to.
 *
 * @param protocol empty to go by the Service's {@code appProtocol}
 * @param tls to a backend; without a name to compare its certificate with, that of its Service
 * @param vhost in the Host field, with {@code $service_name}, {@code $service_port} and {@code $namespace}
 */
record BackendOptions(
        Optional<Protocol> protocol,
        Optional<UpstreamTls> tls,
        Balancing balancing,
        boolean clusterIp,
        Optional<String> vhost) {
    private static final Pattern HASH_KEY = Pattern.compile("[A-Za-z0-9\\-_${}]*");
    private static final Pattern VHOST =
            Pattern.compile("([A-Za-z0-9.\\-_:\\[\\]]|\\$service_name|\\$service_port|\\$namespace)+");
    private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9.\\-_]+");

    static BackendOptions read(Reading in) {
        Annotations annotations = in.annotations();
        String protocol = annotations
                .word("backend-protocol", "http", "https", "grpc", "grpcs", "auto_http", "fcgi")
                .orElse("");
        if (protocol.equals("fcgi")) {
            in.deny("backend-protocol", "FastCGI is not spoken");
        }
        // A backend that TLS is passed on to speaks it; so it does to requests that came without.
        boolean tls = protocol.equals("https") || protocol.equals("grpcs") || annotations.isTrue("ssl-passthrough");
        if (annotations.has("upstream-vhost")
                && annotations.text("upstream-vhost", VHOST).isEmpty()) {
            annotations.problem("upstream-vhost", "it is no host, or has a variable that is not known");
        }
        return new BackendOptions(
                protocol(protocol),
                tls ? Optional.of(tls(in)) : Optional.empty(),
                balancing(annotations),
                annotations.isTrue("service-upstream"),
                annotations.text("upstream-vhost", VHOST));
    }

    private static Optional<Protocol> protocol(String word) {
        return switch (word) {
            case "" -> Optional.empty();
            case "grpc", "grpcs" -> Optional.of(Protocol.HTTP2);
            default -> Optional.of(Protocol.HTTP1);
        };
    }

    private static Balancing balancing(Annotations annotations) {
        Optional<String> key = annotations.text("upstream-hash-by", HASH_KEY);
        if (key.isPresent()) {
            return new Balancing.Hash(key.get());
        }
        String algorithm = annotations
                .word(
                        "load-balance",
                        "round_robin",
                        "ewma",
                        "chash",
                        "chashsubset",
                        "sticky_balanced",
                        "sticky_persistent")
                .orElse("");
        return algorithm.equals("round_robin") ? new Balancing.RoundRobin() : new Balancing.LeastRequest();
    }

    private static UpstreamTls tls(Reading in) {
        Annotations annotations = in.annotations();
        Optional<String> name = annotations.text("proxy-ssl-name", SERVER_NAME);
        boolean shown = annotations
                .word("proxy-ssl-server-name", "on", "off")
                .orElse("off")
                .equals("on");
        boolean verify =
                annotations.word("proxy-ssl-verify", "on", "off").orElse("off").equals("on");
        Optional<Secret> secret = in.secret("proxy-ssl-secret");
        String authorities =
                secret.map(found -> found.data().getOrDefault("ca.crt", "")).orElse("");
        if (verify && secret.isPresent() && !Certificates.isChain(authorities)) {
            in.deny("proxy-ssl-secret", "the Secret " + secret.get().key() + " has no certificates in ca.crt");
        }
        if (verify && !annotations.has("proxy-ssl-secret")) {
            in.deny("proxy-ssl-verify", "there is no proxy-ssl-secret to verify with");
        }
        Optional<Certificate> client =
                secret.flatMap(found -> Certificates.of(found).ok());
        return new UpstreamTls(
                shown ? name.orElse("") : "",
                verify,
                authorities,
                verify ? name.stream().toList() : List.of(),
                client);
    }

    /** How a port of a Service is spoken to. */
    UpstreamPlan plan(ObjectKey service, Service.Port port) {
        Source source = clusterIp
                ? new Source.OfClusterIp(service, port.port())
                : new Source.OfService(service, port.port(), port.protocol());
        Protocol spoken = protocol.orElseGet(() -> ofPort(port));
        return new UpstreamPlan(source, spoken, tls.map(to -> named(to, service)), balancing);
    }

    /** HTTP/2 where the Service says so (KEP-3726); nginx would speak HTTP/1.1, which such a backend need not understand. */
    private static Protocol ofPort(Service.Port port) {
        return port.appProtocol().equals("kubernetes.io/h2c") ? Protocol.HTTP2 : Protocol.HTTP1;
    }

    private static UpstreamTls named(UpstreamTls to, ObjectKey service) {
        if (!to.verify() || !to.subjectAltNames().isEmpty()) {
            return to;
        }
        String name = service.name() + "." + service.namespace() + ".svc";
        return new UpstreamTls(to.serverName(), true, to.authorities(), List.of(name), to.client());
    }

    /** The host that a backend is asked for. */
    Optional<String> vhost(ObjectKey service, int port) {
        return vhost.map(text -> text.replace("$service_name", service.name())
                .replace("$service_port", Integer.toString(port))
                .replace("$namespace", service.namespace()));
    }
}
