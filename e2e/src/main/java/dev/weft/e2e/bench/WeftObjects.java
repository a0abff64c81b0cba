package dev.weft.e2e.bench;

import dev.weft.e2e.bench.IngressRoutes.Route;
import dev.weft.e2e.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Routes as Kubernetes objects, each on a line of JSON, which is YAML too. */
final class WeftObjects {
    static final String NAMESPACE = "bench";

    private WeftObjects() {}

    /** All that does not change. */
    static List<String> fixed(IngressRoutes routes, Path certificate, Path key) {
        Stream<String> plain = routes.alike().stream()
                .flatMap(route -> Stream.concat(Stream.of(ingress(route, route.name(), "")), service(route).stream()));
        Stream<String> secure = Stream.concat(
                Stream.of(
                        secret(certificate, key),
                        ingress(
                                IngressRoutes.TLS,
                                IngressRoutes.TLS.name(),
                                "\"tls\":[{\"hosts\":[\"%s\"],\"secretName\":\"tls\"}],"
                                        .formatted(IngressRoutes.TLS.host()))),
                service(IngressRoutes.TLS).stream());
        Stream<String> colours = Stream.of(
                        new Route("blue", IngressRoutes.BLUE), new Route("green", IngressRoutes.GREEN))
                .flatMap(route -> service(route).stream());
        return Stream.of(plain, secure, colours).flatMap(objects -> objects).toList();
    }

    /** The Ingress that changes, when it leads to the Service of a colour. */
    static String changed(String colour) {
        return ingress(IngressRoutes.changed(0), colour, "");
    }

    /** What makes {@link #changed} of the same for another colour, as a merge patch. */
    static String patch(String colour) {
        return "{\"spec\":{" + rules(IngressRoutes.changed(0), colour) + "}}";
    }

    /** Documents of YAML. */
    static String yaml(List<String> objects) {
        return objects.stream().collect(Collectors.joining("\n---\n", "---\n", "\n"));
    }

    static String namespace(String name) {
        return """
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"%s"}}""".formatted(name);
    }

    /** @param tls a field with a comma behind it, or nothing */
    private static String ingress(Route route, String service, String tls) {
        return """
                {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"%s","namespace":"%s"},\
                "spec":{"ingressClassName":"nginx",%s%s}}""".formatted(route.name(), NAMESPACE, tls, rules(route, service));
    }

    private static String rules(Route route, String service) {
        return """
                "rules":[{"host":"%s","http":{"paths":[{"path":"/","pathType":"Prefix",\
                "backend":{"service":{"name":"%s","port":{"number":80}}}}]}}]""".formatted(route.host(), service);
    }

    /** A Service and its one endpoint. */
    private static List<String> service(Route route) {
        return List.of("""
                        {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s","namespace":"%s"},\
                        "spec":{"clusterIP":"None","ports":[{"name":"http","port":80,"protocol":"TCP"}]}}""".formatted(route.name(), NAMESPACE), """
                        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"%1$s-1","namespace":"%2$s",\
                        "labels":{"kubernetes.io/service-name":"%1$s"}},"addressType":"IPv4",\
                        "endpoints":[{"addresses":["%3$s"],"conditions":{"ready":true}}],\
                        "ports":[{"name":"http","port":%4$d,"protocol":"TCP"}]}""".formatted(
                        route.name(), NAMESPACE, IngressRoutes.BACKEND, route.port()));
    }

    private static String secret(Path certificate, Path key) {
        return """
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"tls","namespace":"%s"},\
                "type":"kubernetes.io/tls","data":{"tls.crt":"%s","tls.key":"%s"}}""".formatted(NAMESPACE, base64(certificate), base64(key));
    }

    static String base64(Path file) {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new LabException("cannot read " + file, e);
        }
    }
}
