package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.compile.Status;
import dev.weft.ingress.gateway.GatewayStatus.OfClass;
import dev.weft.ingress.gateway.GatewayStatus.OfGateway;
import dev.weft.ingress.gateway.GatewayStatus.OfListenerSet;
import dev.weft.ingress.gateway.GatewayStatus.OfParents;
import dev.weft.ingress.match.TestRequest;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** A cluster as YAML, compiled; the Services of Gateways are made as the leader would. */
final class GatewayWorld {
    static final String NAMESPACE = "weft-system";

    private static final String CLASS = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: weft, generation: 1}
            spec: {controllerName: weft.dev/ingress}
            """;

    private final GatewayCompiler compiler = new GatewayCompiler(NAMESPACE);
    private final Cluster cluster;
    private final Part part;

    private GatewayWorld(Cluster bare) {
        Part first = compiler.compile(bare);
        Map<ObjectKey, GatewayService> services = new HashMap<>();
        int number = 10_000;
        for (ServicePlan plan : plans(first)) {
            List<GatewayService.Port> ports = new ArrayList<>();
            for (ServicePlan.Port port : plan.ports()) {
                ports.add(new GatewayService.Port(port.protocol(), port.port(), number++));
            }
            List<Ip> addresses = plan.addresses().isEmpty()
                    ? List.of(Ip.parse("10.96.0." + services.size()))
                    // What begins otherwise is not of this cluster, and refused.
                    : plan.addresses().stream()
                            .filter(ip -> ip.toString().startsWith("10.96."))
                            .toList();
            if (!addresses.isEmpty()) {
                services.put(plan.key(), service(plan, ports, addresses));
            }
        }
        this.cluster = bare.with(GatewayKinds.GATEWAY_SERVICES, services);
        this.part = compiler.compile(cluster);
    }

    private static GatewayService service(ServicePlan plan, List<GatewayService.Port> ports, List<Ip> addresses) {
        return new GatewayService(
                plan.key(),
                plan.labels(),
                plan.annotations(),
                plan.type(),
                "",
                Map.of(),
                addresses,
                "",
                ports,
                plan.type().equals("LoadBalancer") ? List.of("203.0.113.7", "lb.example") : List.of());
    }

    static GatewayWorld of(String... yaml) throws IOException, KubeException {
        List<Kind<?>> kinds = new ArrayList<>(GatewayKinds.ALL);
        kinds.addAll(List.of(Kinds.SERVICES, Kinds.NAMESPACES, Kinds.SECRETS, Kinds.CONFIG_MAPS));
        ObjectFiles files = new ObjectFiles(kinds);
        files.read(CLASS);
        String certificate = Files.readString(Path.of("src/test/resources/gateway/certificate.pem"));
        for (String text : yaml) {
            files.read(text.replace("{CERT}", base64(certificate))
                    .replace("{KEY}", base64("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"))
                    .replace("{PEM}", '"' + certificate.replace("\n", "\\n") + '"'));
        }
        return new GatewayWorld(files.cluster());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    Cluster cluster() {
        return cluster;
    }

    Part part() {
        return part;
    }

    /** What the same cluster gives once more. */
    Part again() {
        return compiler.compile(cluster);
    }

    static List<ServicePlan> plans(Part part) {
        return part.statuses().stream()
                .map(GatewayWorld::plan)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(ServicePlan::key))
                .toList();
    }

    private static Optional<ServicePlan> plan(Status status) {
        return status instanceof GatewayStatus of && of.content() instanceof OfGateway gateway
                ? gateway.service()
                : Optional.empty();
    }

    /** What the proxy does at a port of a Gateway, {@code namespace/name}. */
    Optional<Port> port(String gateway, String protocol, int port) {
        String[] names = gateway.split("/");
        return cluster.get(GatewayKinds.GATEWAY_SERVICES, ServicePlan.key(new ObjectKey(names[0], names[1]), NAMESPACE))
                .flatMap(service -> service.target(protocol, port))
                .map(target -> part.ports().get(target));
    }

    List<Listener> web(String gateway, int port) {
        return port(gateway, "TCP", port).orElseThrow() instanceof Port.Web web ? web.listeners() : List.of();
    }

    /** The rule of a request, as the proxy would find it: first the listener, then its router. */
    HttpRule route(String gateway, int port, TestRequest request) {
        return web(gateway, port).stream()
                .filter(listener -> listener.host().matches(request.host()))
                .max(Comparator.comparingInt(listener -> listener.host().specificity()))
                .map(listener -> listener.serving() instanceof Listener.Serving.Http http
                        ? http.router().route(request)
                        : HttpRule.NOT_FOUND)
                .orElse(HttpRule.NOT_FOUND);
    }

    /** The name of the rule's object and the number of the rule, such as {@code web 0}; {@code -} if there is none. */
    String routed(String gateway, int port, TestRequest request) {
        HttpRule rule = route(gateway, port, request);
        return rule.equals(HttpRule.NOT_FOUND)
                ? "-"
                : rule.name().name() + " " + rule.name().rule();
    }

    /** All statuses as text, in a fixed order. */
    String statuses() {
        return part.statuses().stream()
                        .map(GatewayStatus.class::cast)
                        .sorted(Comparator.comparing((GatewayStatus status) ->
                                        status.resource().name())
                                .thenComparing(status -> status.meta().key()))
                        .map(GatewayWorld::text)
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    /** That of one object. */
    String status(String kind, String key) {
        return part.statuses().stream()
                .map(GatewayStatus.class::cast)
                .filter(status -> status.resource().name().equals(kind)
                        && status.meta().key().toString().equals(key))
                .map(GatewayWorld::text)
                .findFirst()
                .orElse("none");
    }

    private static String text(GatewayStatus status) {
        StringJoiner lines = new StringJoiner("\n");
        String name = status.resource().name() + " " + status.meta().key();
        switch (status.content()) {
            case OfClass(var conditions, var features) -> lines.add(name + ": " + text(conditions));
            case OfGateway(var addresses, var conditions, var listeners, var sets, var service) -> {
                String at = addresses.stream()
                        .map(address -> address.type() + " " + address.value())
                        .collect(Collectors.joining(", "));
                lines.add(name + " at [" + at + "], sets " + sets + ": " + text(conditions));
                listeners.forEach(listener -> lines.add(text(listener)));
            }
            case OfListenerSet(var conditions, var listeners) -> {
                lines.add(name + ": " + text(conditions));
                listeners.forEach(listener -> lines.add(text(listener)));
            }
            case OfParents(var parents) -> {
                lines.add(name + (parents.isEmpty() ? " is none of ours" : ""));
                parents.forEach(parent -> lines.add("  at " + parent.ref().kind() + " "
                        + parent.ref().name()
                        + (parent.ref().sectionName().isEmpty()
                                ? ""
                                : "/" + parent.ref().sectionName())
                        + (parent.ref().port() == 0 ? "" : ":" + parent.ref().port())
                        + ": " + text(parent.conditions())));
            }
        }
        return lines.toString();
    }

    private static String text(GatewayStatus.OfListener listener) {
        return "  listener " + listener.name() + " " + listener.kinds() + " routes " + listener.attachedRoutes() + ": "
                + text(listener.conditions());
    }

    private static String text(List<Condition> conditions) {
        return conditions.stream()
                .map(condition -> (condition.status() ? "" : "not ")
                        + condition.type()
                        + (condition.reason().equals(condition.type()) ? "" : "(" + condition.reason() + ")")
                        + (condition.message().isEmpty() ? "" : " \"" + condition.message() + "\""))
                .collect(Collectors.joining(", "));
    }
}
