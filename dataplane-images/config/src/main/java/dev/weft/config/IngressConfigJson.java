package dev.weft.config;

import static dev.weft.config.JsonText.object;
import static dev.weft.config.JsonText.strings;

import dev.weft.net.Cidr;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The JSON text of {@link IngressConfig}. Writing is deterministic: same value, same text. */
public final class IngressConfigJson {
    private IngressConfigJson() {}

    public static String write(IngressConfig config) {
        IngressConfig.Limits limits = config.limits();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("apiServers", strings(config.apiServers()));
        fields.put("namespace", config.namespace());
        fields.put("classes", config.classes());
        fields.put("gatewayApi", config.gatewayApi());
        fields.put("httpPort", config.httpPort());
        fields.put("httpsPort", config.httpsPort());
        config.defaultCertificate().ifPresent(name -> fields.put("defaultCertificate", name));
        config.service().ifPresent(name -> fields.put("service", name));
        fields.put("proxyProtocol", config.proxyProtocol());
        fields.put("trustedProxies", strings(config.trustedProxies()));
        fields.put("accessLog", config.accessLog());
        fields.put(
                "limits",
                object(
                        "headerBytes", limits.headerBytes(),
                        "headerSeconds", limits.headerSeconds(),
                        "idleSeconds", limits.idleSeconds(),
                        "streams", limits.streams(),
                        "connections", limits.connections()));
        fields.put("drainSeconds", config.drainSeconds());
        return JsonText.of(fields);
    }

    /**
     * Reads what {@link #write} wrote, or an earlier release did; unknown fields are ignored.
     *
     * @throws ConfigFormatException if a field is missing or wrong; the message names it
     */
    public static IngressConfig read(String json) {
        JsonObject root = JsonObject.parse(json);
        JsonObject limits = root.object("limits");
        try {
            return new IngressConfig(
                    root.strings("apiServers", URI::create),
                    root.string("namespace"),
                    root.strings("classes", name -> name),
                    root.bool("gatewayApi"),
                    root.integer("httpPort"),
                    root.integer("httpsPort"),
                    optional(root, "defaultCertificate"),
                    optional(root, "service"),
                    root.bool("proxyProtocol"),
                    root.strings("trustedProxies", Cidr::parse),
                    root.bool("accessLog"),
                    new IngressConfig.Limits(
                            limits.integer("headerBytes"),
                            limits.integer("headerSeconds"),
                            limits.integer("idleSeconds"),
                            limits.integer("streams"),
                            limits.integer("connections")),
                    root.integer("drainSeconds"));
        } catch (IllegalArgumentException e) {
            throw new ConfigFormatException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<String> optional(JsonObject root, String field) {
        return root.has(field) ? Optional.of(root.string(field)) : Optional.empty();
    }
}
