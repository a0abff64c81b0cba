package dev.weft.config;

import static dev.weft.config.JsonText.object;
import static dev.weft.config.JsonText.strings;

import dev.weft.net.Cidr;
import java.net.URI;
import java.time.Instant;
import java.util.Map;

/** The JSON text of {@link NodeConfig} and {@link NodeStatus}. Writing is deterministic: same value, same text. */
public final class ConfigJson {
    private ConfigJson() {}

    /** What a release without service proxy or network policy wrote is written the same, so that its revision keeps its name. */
    public static String write(NodeConfig config) {
        Map<String, Object> fields = object(
                "version", config.version(),
                "revision", config.revision(),
                "apiServers", strings(config.apiServers()),
                "podCidrs", strings(config.podCidrs()),
                "routing", config.routing().name(),
                "vxlan",
                        object(
                                "vni", config.vxlan().vni(),
                                "port", config.vxlan().port(),
                                "directWithinSubnet", config.vxlan().directWithinSubnet()),
                "mtu", config.mtu(),
                "masquerade",
                        object(
                                "enabled", config.masquerade().enabled(),
                                "except", strings(config.masquerade().except())));
        NodeConfig.ServiceProxy proxy = config.serviceProxy();
        if (!proxy.equals(NodeConfig.ServiceProxy.DISABLED)) {
            fields.put(
                    "serviceProxy",
                    object(
                            "enabled", proxy.enabled(),
                            "nodePortAddresses", proxy.nodePortAddresses(),
                            "serviceCidrs", strings(proxy.serviceCidrs())));
        }
        NodeConfig.NetworkPolicy policy = config.networkPolicy();
        if (!policy.equals(NodeConfig.NetworkPolicy.DISABLED)) {
            fields.put(
                    "networkPolicy",
                    object(
                            "enabled", policy.enabled(),
                            "startTimeoutSeconds", policy.startTimeoutSeconds(),
                            "onStartTimeout", policy.onStartTimeout().name(),
                            "logDenied", policy.logDenied()));
        }
        return JsonText.of(fields);
    }

    /**
     * Reads what {@link #write(NodeConfig)} wrote, also by the release before: unknown fields are ignored, and without
     * a service proxy or network policy there is none.
     *
     * @throws ConfigFormatException if a field is missing or wrong; the message names it
     */
    public static NodeConfig readConfig(String json) {
        JsonObject root = JsonObject.parse(json);
        JsonObject vxlan = root.object("vxlan");
        JsonObject masquerade = root.object("masquerade");
        try {
            return new NodeConfig(
                    root.string("version"),
                    root.string("revision"),
                    root.strings("apiServers", URI::create),
                    root.strings("podCidrs", Cidr::parse),
                    root.value("routing", Routing::valueOf),
                    new NodeConfig.Vxlan(vxlan.integer("vni"), vxlan.integer("port"), vxlan.bool("directWithinSubnet")),
                    root.integer("mtu"),
                    new NodeConfig.Masquerade(masquerade.bool("enabled"), masquerade.strings("except", Cidr::parse)),
                    root.has("serviceProxy")
                            ? serviceProxy(root.object("serviceProxy"))
                            : NodeConfig.ServiceProxy.DISABLED,
                    root.has("networkPolicy")
                            ? networkPolicy(root.object("networkPolicy"))
                            : NodeConfig.NetworkPolicy.DISABLED);
        } catch (IllegalArgumentException e) {
            throw new ConfigFormatException(String.valueOf(e.getMessage()), e);
        }
    }

    private static NodeConfig.ServiceProxy serviceProxy(JsonObject proxy) {
        return new NodeConfig.ServiceProxy(
                proxy.bool("enabled"),
                proxy.strings("nodePortAddresses", text -> text),
                proxy.strings("serviceCidrs", Cidr::parse));
    }

    private static NodeConfig.NetworkPolicy networkPolicy(JsonObject policy) {
        return new NodeConfig.NetworkPolicy(
                policy.bool("enabled"),
                policy.integer("startTimeoutSeconds"),
                policy.value("onStartTimeout", NodeConfig.NetworkPolicy.OnStartTimeout::valueOf),
                policy.bool("logDenied"));
    }

    public static String write(NodeStatus status) {
        return JsonText.of(object(
                "node", status.node(),
                "version", status.version(),
                "revision", status.revision(),
                "startedAt", status.startedAt().toString(),
                "roles",
                        status.roles().stream()
                                .map(r -> object("name", r.name(), "ready", r.ready(), "message", r.message()))
                                .toList(),
                "uplinkMtu", status.uplinkMtu(),
                "podMtu", status.podMtu(),
                "pods", status.pods(),
                "probes", status.probes().stream().map(ConfigJson::probe).toList(),
                "repairs",
                        status.repairs().stream()
                                .map(r -> object("at", r.at().toString(), "what", r.what()))
                                .toList(),
                "kubeProxy", status.kubeProxy()));
    }

    /**
     * Reads what {@link #write(NodeStatus)} wrote; unknown fields are ignored.
     *
     * @throws ConfigFormatException if a field is missing or wrong; the message names it
     */
    public static NodeStatus readStatus(String json) {
        JsonObject root = JsonObject.parse(json);
        return new NodeStatus(
                root.string("node"),
                root.string("version"),
                root.string("revision"),
                root.value("startedAt", Instant::parse),
                root.objects("roles").stream()
                        .map(r -> new NodeStatus.Role(r.string("name"), r.bool("ready"), r.string("message")))
                        .toList(),
                root.integer("uplinkMtu"),
                root.integer("podMtu"),
                root.integer("pods"),
                root.objects("probes").stream().map(ConfigJson::probe).toList(),
                root.objects("repairs").stream()
                        .map(r -> new NodeStatus.Repair(r.value("at", Instant::parse), r.string("what")))
                        .toList(),
                root.strings("kubeProxy", text -> text));
    }

    private static Map<String, Object> probe(NodeStatus.Probe p) {
        return object(
                "node", p.node(),
                "family", p.family(),
                "path", p.path(),
                "ok", p.ok(),
                "sent", p.sent(),
                "lost", p.lost(),
                "lastAnswered", p.lastAnswered().toString(),
                "rttMicros", p.rttMicros(),
                "message", p.message());
    }

    private static NodeStatus.Probe probe(JsonObject p) {
        return new NodeStatus.Probe(
                p.string("node"),
                p.string("family"),
                p.string("path"),
                p.bool("ok"),
                p.number("sent"),
                p.number("lost"),
                p.value("lastAnswered", Instant::parse),
                p.number("rttMicros"),
                p.string("message"));
    }
}
