package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.match.TestRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Objects of few names that refer to each other, rightly or not. */
final class RandomObjects {
    static final List<Kind<?>> KINDS = kinds();

    static final String CLASS = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: weft, generation: 1}
            spec: {controllerName: weft.dev/ingress}
            ---
            """;

    /** For any route of namespace a. */
    static final String EDGE = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: a}
            spec: {gatewayClassName: weft, listeners: [{name: http, port: 80, protocol: HTTP}]}
            ---
            """;

    private static final List<String> HOSTS =
            List.of("", "[one.example]", "['*.example']", "[two.example, '*.sub.example']");
    private static final List<String> FILTERS = List.of(
            "",
            "",
            "{type: RequestRedirect, requestRedirect: {hostname: x.example}}",
            "{type: RequestMirror, requestMirror: {backendRef: {name: s1, port: 80}}}",
            "{type: ExtensionRef, extensionRef: {group: g, kind: K, name: n}}",
            "{type: URLRewrite, urlRewrite: {hostname: y.example}}");
    private static final List<String> BACKENDS = List.of(
            "name: s0, port: 80",
            "name: s1, port: 80",
            "name: s0, port: 81",
            "name: s0, namespace: b, port: 80",
            "name: s1, namespace: a, port: 80",
            "name: gone, port: 80");
    private static final List<String> PARENTS = List.of(
            "[{name: g0, namespace: a}]",
            "[{name: g1, namespace: b}]",
            "[{name: g0, namespace: a, sectionName: http}, {name: g0, namespace: a}]",
            "[{name: g0, namespace: a, port: 443}, {name: g1, namespace: b}]",
            "[{kind: ListenerSet, name: l0, namespace: b}]",
            "[{name: none}]");
    private static final List<String> LISTENERS = List.of(
            "{name: http, port: 80, protocol: HTTP, ROUTES}",
            "{name: named, port: 80, protocol: HTTP, hostname: one.example, ROUTES}",
            "{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c0}]}, ROUTES}",
            "{name: other, port: 443, protocol: HTTPS, hostname: '*.example', tls: {certificateRefs: [{name: c1}]}, ROUTES}",
            "{name: tcp, port: 5432, protocol: TCP, ROUTES}",
            "{name: tls, port: 8443, protocol: TLS, tls: {mode: Passthrough}, ROUTES}");
    private static final List<String> ROUTES = List.of(
            "allowedRoutes: {namespaces: {from: All}}",
            "allowedRoutes: {namespaces: {from: Same}}",
            "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {in: 'yes'}}}}");

    private final String certificate;

    RandomObjects() {
        try {
            certificate = Files.readString(Path.of("src/test/resources/gateway/certificate.pem"));
        } catch (IOException e) {
            throw new IllegalStateException("the tests run in the module's folder", e);
        }
    }

    private static List<Kind<?>> kinds() {
        List<Kind<?>> kinds = new ArrayList<>(GatewayKinds.ALL);
        kinds.addAll(List.of(Kinds.SERVICES, Kinds.NAMESPACES, Kinds.SECRETS, Kinds.CONFIG_MAPS));
        return kinds;
    }

    /** What is asked for. */
    static List<TestRequest> requests() {
        List<TestRequest> requests = new ArrayList<>();
        for (String host : List.of("one.example", "two.example", "x.sub.example", "elsewhere")) {
            for (String path : List.of("/", "/a", "/a/b", "/other")) {
                requests.add(TestRequest.get(host + path));
            }
        }
        return requests;
    }

    static String route(String name, String parents, String hostnames, String path, String filter, String backend) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: %s, namespace: a, uid: u-%s}
                spec:
                  parentRefs: %s
                  hostnames: %s
                  rules:
                  - matches: [{path: {type: PathPrefix, value: '%s'}}]
                    filters: [%s]
                    backendRefs: [{%s}]
                ---
                """.formatted(name, name, parents, hostnames.isEmpty() ? "[]" : hostnames, path, filter, backend);
    }

    static String service(String namespace, String name, String appProtocol) {
        return """
                kind: Service
                metadata: {name: %s, namespace: %s}
                spec:
                  clusterIP: 10.96.1.1
                  ports: [{name: web, port: 80%s}, {name: more, port: 81}]
                ---
                """.formatted(name, namespace, appProtocol.isEmpty() ? "" : ", appProtocol: " + appProtocol);
    }

    /** One of a kind. */
    String any(Kind<?> kind, Random random) {
        String two = Integer.toString(random.nextInt(2));
        String namespace = random.nextBoolean() ? "a" : "b";
        return switch (kind.name()) {
            case "Gateway" -> gateway(random);
            case "ListenerSet" ->
                head("ListenerSet", "l0", "b")
                        + "spec: {parentRef: {name: g%s, namespace: %s}, listeners: %s}"
                                .formatted(two, two.equals("0") ? "a" : "b", listeners(random));
            case "HTTPRoute" ->
                route(
                        "r" + random.nextInt(4),
                        pick(PARENTS, random),
                        pick(HOSTS, random),
                        pick(List.of("/", "/a", "/a/b"), random),
                        pick(FILTERS, random),
                        pick(BACKENDS, random));
            case "GRPCRoute" ->
                head("GRPCRoute", "r" + two, namespace)
                        + "spec: {parentRefs: %s, rules: [{backendRefs: [{%s}]}]}"
                                .formatted(pick(PARENTS, random), pick(BACKENDS, random));
            case "TCPRoute" ->
                head("TCPRoute", "r" + two, namespace)
                        + "spec: {parentRefs: %s, rules: [{backendRefs: [{%s}]}]}"
                                .formatted(pick(PARENTS, random), pick(BACKENDS, random));
            case "TLSRoute" ->
                head("TLSRoute", "r" + two, namespace)
                        + "spec: {parentRefs: %s, hostnames: %s, rules: [{backendRefs: [{%s}]}]}"
                                .formatted(
                                        pick(PARENTS, random),
                                        pick(HOSTS.subList(1, 4), random),
                                        pick(BACKENDS, random));
            case "ReferenceGrant" ->
                head("ReferenceGrant", "r0", namespace)
                        + "spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: %s}], to: [%s]}"
                                .formatted(
                                        random.nextBoolean() ? "a" : "b",
                                        pick(
                                                List.of(
                                                        "{group: '', kind: Service}",
                                                        "{group: '', kind: Service, name: s0}"),
                                                random));
            case "BackendTLSPolicy" -> head("BackendTLSPolicy", "p" + two, namespace) + policy(random);
            case "Service" ->
                service(namespace, "s" + two, pick(List.of("", "", "kubernetes.io/h2c", "kubernetes.io/x"), random));
            case "Namespace" ->
                "kind: Namespace\nmetadata: {name: %s, labels: {in: '%s'}}\n"
                        .formatted(namespace, random.nextBoolean() ? "yes" : "no");
            case "Secret" ->
                "kind: Secret\nmetadata: {name: c%s, namespace: %s}\ndata: {tls.crt: '%s', tls.key: '%s'}\n"
                        .formatted(
                                two,
                                namespace,
                                random.nextInt(3) == 0 ? "" : base64(certificate),
                                base64("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"));
            case "ConfigMap" ->
                "kind: ConfigMap\nmetadata: {name: ca, namespace: %s}\ndata: {ca.crt: \"%s\", serviceType: %s}\n"
                        .formatted(
                                namespace,
                                random.nextInt(3) == 0 ? "" : certificate.replace("\n", "\\n"),
                                pick(List.of("NodePort", "Odd"), random));
            default -> throw new IllegalArgumentException("no objects of kind " + kind);
        };
    }

    private static String gateway(Random random) {
        boolean first = random.nextBoolean();
        return head("Gateway", first ? "g0" : "g1", first ? "a" : "b")
                + """
                spec:
                  gatewayClassName: %s
                  allowedListeners: {namespaces: {from: All}}
                  infrastructure: {%s}
                  tls: {%s}
                  listeners: %s
                """.formatted(
                                random.nextInt(8) == 0 ? "other" : "weft",
                                random.nextInt(4) == 0
                                        ? "parametersRef: {group: '', kind: ConfigMap, name: ca}"
                                        : "labels: {x: 'y'}",
                                random.nextInt(3) == 0 ? "backend: {clientCertificateRef: {name: c1}}" : "",
                                listeners(random));
    }

    private static String policy(Random random) {
        return """
                spec:
                  targetRefs: [{group: '', kind: Service, name: s%d%s}]
                  validation: {hostname: s.example, caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}
                """.formatted(random.nextInt(2), random.nextBoolean() ? "" : ", sectionName: web");
    }

    private static String listeners(Random random) {
        List<String> some = new ArrayList<>();
        for (String listener : LISTENERS) {
            if (random.nextBoolean()) {
                some.add(listener.replace("ROUTES", pick(ROUTES, random)));
            }
        }
        return some.toString();
    }

    private static String head(String kind, String name, String namespace) {
        return "apiVersion: gateway.networking.k8s.io/v1\nkind: %s\nmetadata: {name: %s, namespace: %s, uid: u}\n"
                .formatted(kind, name, namespace);
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
