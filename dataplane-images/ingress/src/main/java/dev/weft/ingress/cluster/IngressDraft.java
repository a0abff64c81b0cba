package dev.weft.ingress.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads an Ingress (networking.k8s.io/v1). */
final class IngressDraft implements Decoder.Draft<Ingress> {
    private static final List<String> OURS =
            List.of("nginx.ingress.kubernetes.io/", "kubernetes.io/ingress.class", "weft.dev/");

    private final List<Ingress.Tls> tls = new ArrayList<>(1);
    private final List<Ingress.Rule> rules = new ArrayList<>(1);
    private List<String> addresses = List.of();
    private Optional<Ingress.Backend> defaultBackend = Optional.empty();
    private String className = "";

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "spec" -> in.object(this::spec);
            case "status" ->
                in.object((field, status) -> {
                    if (field.equals("loadBalancer")) {
                        addresses = Texts.loadBalancer(status);
                    }
                });
            default -> {}
        }
    }

    private void spec(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "ingressClassName" -> className = in.string().intern();
            case "defaultBackend" -> defaultBackend = Optional.of(backend(in));
            case "tls" -> in.array(item -> tls.add(tls(item)));
            case "rules" -> in.array(item -> rules.add(rule(item)));
            default -> {}
        }
    }

    private static Ingress.Tls tls(JsonInput in) throws KubeException {
        List<String> hosts = new ArrayList<>(1);
        String[] secret = {""};
        in.object((name, value) -> {
            switch (name) {
                case "hosts" -> value.array(item -> hosts.add(item.string()));
                case "secretName" -> secret[0] = value.string();
                default -> {}
            }
        });
        return new Ingress.Tls(hosts, secret[0]);
    }

    private static Ingress.Rule rule(JsonInput in) throws KubeException {
        String[] host = {""};
        List<Ingress.Path> paths = new ArrayList<>(1);
        in.object((name, value) -> {
            switch (name) {
                case "host" -> host[0] = value.string();
                case "http" ->
                    value.object((field, http) -> {
                        if (field.equals("paths")) {
                            http.array(item -> paths.add(path(item)));
                        }
                    });
                default -> {}
            }
        });
        return new Ingress.Rule(host[0], paths);
    }

    private static Ingress.Path path(JsonInput in) throws KubeException {
        String[] pathAndType = {"", ""};
        Ingress.Backend[] backend = {new Ingress.Backend.OfService("", "", 0)};
        in.object((name, value) -> {
            switch (name) {
                case "path" -> pathAndType[0] = value.string();
                case "pathType" -> pathAndType[1] = value.string();
                case "backend" -> backend[0] = backend(value);
                default -> {}
            }
        });
        Ingress.PathType type = switch (pathAndType[1]) {
            case "Exact" -> Ingress.PathType.EXACT;
            case "Prefix" -> Ingress.PathType.PREFIX;
            default -> Ingress.PathType.IMPLEMENTATION_SPECIFIC;
        };
        return new Ingress.Path(pathAndType[0], type, backend[0]);
    }

    private static Ingress.Backend backend(JsonInput in) throws KubeException {
        BackendFields fields = new BackendFields();
        in.object(fields::field);
        return fields.resource.isEmpty()
                ? new Ingress.Backend.OfService(fields.service, fields.portName, fields.portNumber)
                : new Ingress.Backend.OfResource(
                        fields.resource.getOrDefault("apiGroup", ""),
                        fields.resource.getOrDefault("kind", ""),
                        fields.resource.getOrDefault("name", ""));
    }

    @Override
    public Ingress finish(ObjectMeta meta) {
        Map<String, String> annotations = new HashMap<>();
        meta.annotations().forEach((name, value) -> {
            if (OURS.stream().anyMatch(name::startsWith)) {
                annotations.put(name, value);
            }
        });
        return new Ingress(
                meta.key(),
                meta.uid(),
                meta.created(),
                annotations,
                className.isEmpty() ? Optional.empty() : Optional.of(className),
                defaultBackend,
                tls,
                rules,
                addresses);
    }

    private static final class BackendFields {
        private final Map<String, String> resource = new HashMap<>(0);
        private String service = "";
        private String portName = "";
        private int portNumber;

        void field(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "service" -> in.object(this::service);
                case "resource" -> in.object((field, value) -> resource.put(field, value.string()));
                default -> {}
            }
        }

        private void service(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "name" -> service = in.string();
                case "port" ->
                    in.object((field, value) -> {
                        switch (field) {
                            case "name" -> portName = value.string();
                            case "number" -> portNumber = value.integer();
                            default -> {}
                        }
                    });
                default -> {}
            }
        }
    }
}
