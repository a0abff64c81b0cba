package dev.weft.e2e.faults;

import dev.weft.e2e.lab.Node;
import java.util.List;

/**
 * A host that is served through the ingress proxies, plain and by TLS, and the Service that it leads to.
 *
 * @param service its pods are those behind the host; Secret and Ingress have its name
 */
record IngressTarget(ServiceTarget service) {
    static final int OK = 200;

    /** Each on a connection of its own, so that all proxies are among those who answer. */
    private static final String ASK = """
            for try in $(seq 20); do
              status=$(curl -sk -m 5 -o /dev/null -w '%{http_code}' --resolve "$1" "$2") || exit 1
              [ "$status" = "$3" ] || exit 1
            done
            """;

    /** Makes Service, certificate and Ingress. */
    static IngressTarget create(Scene scene, String name, int port) {
        IngressTarget target = new IngressTarget(ServiceTarget.create(scene, name, "TCP", port));
        target.show(scene, HostCertificate.make(target.host()));
        scene.lab().client().resource(target.ingress()).serverSideApply();
        return target;
    }

    /** Of the Service. */
    int port() {
        return service.service().getSpec().getPorts().getFirst().getPort();
    }

    String host() {
        return service.name() + ".example";
    }

    /** Gives the host another certificate. */
    void show(Scene scene, HostCertificate certificate) {
        scene.lab().client().resource(certificate.secret(service.name())).serverSideApply();
    }

    /** Where the host is reached: the node port {@code http} or {@code https} at both addresses of all nodes. */
    List<String> addresses(Scene scene, String port) {
        int number = IngressProxies.nodePort(scene, port);
        return scene.nodes().stream()
                .map(Node::name)
                .flatMap(node -> ServiceTarget.at(node, number).stream())
                .toList();
    }

    /** Waits until the host answers at the node with status 200, plain and by TLS. */
    void awaitAnswers(Scene scene, Node node, String path) {
        awaitAnswers(scene, node, "http", host(), path, OK);
        awaitAnswers(scene, node, "https", host(), path, OK);
    }

    /** Likewise for any host that is served through the proxies, by one scheme. */
    static void awaitAnswers(Scene scene, Node node, String scheme, String host, String path, int status) {
        int port = IngressProxies.nodePort(scene, scheme);
        scene.await("answers of %s by %s at %s".formatted(host, scheme, node.name()), () -> {
            node.exec(
                    "bash",
                    "-c",
                    ASK,
                    "ask",
                    "%s:%d:%s".formatted(host, port, node.name().ipv4()),
                    "%s://%s:%d%s".formatted(scheme, host, port, path),
                    String.valueOf(status));
            return true;
        });
    }

    void delete(Scene scene) {
        scene.kubectl()
                .run(
                        "delete",
                        "ingress/" + service.name(),
                        "secret/" + service.name(),
                        "--namespace=" + Pods.NAMESPACE,
                        "--ignore-not-found");
        service.delete(scene);
    }

    /** Without the redirect to HTTPS that a host with a certificate has otherwise. */
    private String ingress() {
        return """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: %1$s
                  namespace: %2$s
                  annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "false"}
                spec:
                  tls: [{hosts: [%3$s], secretName: %1$s}]
                  rules:
                  - host: %3$s
                    http:
                      paths:
                      - {path: /, pathType: Prefix, backend: {service: {name: %1$s, port: {number: %4$d}}}}
                """.formatted(service.name(), Pods.NAMESPACE, host(), port());
    }
}
