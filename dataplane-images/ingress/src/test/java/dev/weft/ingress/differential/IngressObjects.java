package dev.weft.ingress.differential;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The Ingresses of a case as YAML. */
final class IngressObjects {
    private static final String PREFIX = "nginx.ingress.kubernetes.io/";
    private static final JsonMapper JSON = new JsonMapper();

    private IngressObjects() {}

    /** @param bed that knows the ports of Services that are named with one */
    static String of(Case from, Bed bed) {
        StringBuilder text = new StringBuilder();
        for (Case.Ingress ingress : from.ingresses()) {
            text.append(ingress(ingress, bed)).append("\n---\n");
        }
        return text.append(from.objects()).toString();
    }

    private static ObjectNode ingress(Case.Ingress from, Bed bed) {
        ObjectNode ingress = JSON.createObjectNode();
        ingress.put("kind", "Ingress");
        ObjectNode metadata = ingress.putObject("metadata");
        metadata.put("name", from.name()).put("uid", "u-" + from.name());
        ObjectNode annotations = metadata.putObject("annotations");
        from.annotations().forEach((name, value) -> annotations.put(name.contains("/") ? name : PREFIX + name, value));
        ObjectNode spec = ingress.putObject("spec");
        spec.put("ingressClassName", "nginx");
        if (from.tls()) {
            ObjectNode tls = spec.putArray("tls").addObject();
            tls.putArray("hosts").add(from.host());
            tls.put("secretName", "server");
        }
        ObjectNode rule = spec.putArray("rules").addObject().put("host", from.host());
        ArrayNode paths = rule.putObject("http").putArray("paths");
        for (String path : from.paths()) {
            String[] parts = path.split(" ", 2);
            ObjectNode one = paths.addObject().put("pathType", parts[0]).put("path", parts[1]);
            String[] service = from.service().split(":", 2);
            one.putObject("backend")
                    .putObject("service")
                    .put("name", service[0])
                    .putObject("port")
                    .put("number", service.length > 1 ? Integer.parseInt(bed.fill(service[1])) : 80);
        }
        return ingress;
    }
}
