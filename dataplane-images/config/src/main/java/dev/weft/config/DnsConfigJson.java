package dev.weft.config;

import static dev.weft.config.JsonText.object;
import static dev.weft.config.JsonText.strings;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON text of {@link DnsConfig}. Writing is deterministic: same value, same text. */
public final class DnsConfigJson {
    private DnsConfigJson() {}

    public static String write(DnsConfig config) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("apiServers", strings(config.apiServers()));
        fields.put("domain", config.domain());
        fields.put("ttl", config.ttl());
        fields.put("podsMode", config.podsMode().name());
        fields.put("dnsService", config.dnsService());
        fields.put("listen", strings(config.listen()));
        fields.put("port", config.port());
        fields.put("upstreams", upstreams(config.upstreams()));
        fields.put(
                "stubDomains",
                config.stubDomains().stream()
                        .map(stub -> object("domain", stub.domain(), "upstreams", upstreams(stub.upstreams())))
                        .toList());
        fields.put(
                "hosts",
                config.hosts().stream()
                        .map(host -> object("ip", host.ip().toString(), "names", host.names()))
                        .toList());
        fields.put(
                "cache",
                object(
                        "entries", config.cache().entries(),
                        "maxTtl", config.cache().maxTtl(),
                        "staleSeconds", config.cache().staleSeconds()));
        fields.put("maxConcurrent", config.maxConcurrent());
        fields.put("autopath", config.autopath());
        fields.put("queryLog", config.queryLog());
        config.dns64().ifPresent(prefix -> fields.put("dns64", prefix.toString()));
        fields.put("transferTo", strings(config.transferTo()));
        fields.put("lameDuckSeconds", config.lameDuckSeconds());
        return JsonText.of(fields);
    }

    /**
     * Reads what {@link #write} wrote, or an earlier release did; unknown fields are ignored.
     *
     * @throws ConfigFormatException if a field is missing or wrong; the message names it
     */
    public static DnsConfig read(String json) {
        JsonObject root = JsonObject.parse(json);
        JsonObject cache = root.object("cache");
        try {
            return new DnsConfig(
                    root.strings("apiServers", URI::create),
                    root.string("domain"),
                    root.integer("ttl"),
                    root.value("podsMode", DnsConfig.PodsMode::valueOf),
                    root.string("dnsService"),
                    root.strings("listen", Ip::parse),
                    root.integer("port"),
                    readUpstreams(root),
                    root.objects("stubDomains").stream()
                            .map(stub -> new DnsConfig.StubDomain(stub.string("domain"), readUpstreams(stub)))
                            .toList(),
                    root.objects("hosts").stream()
                            .map(host -> new DnsConfig.Host(host.value("ip", Ip::parse), host.strings("names", n -> n)))
                            .toList(),
                    new DnsConfig.Cache(
                            cache.integer("entries"), cache.integer("maxTtl"), cache.integer("staleSeconds")),
                    root.integer("maxConcurrent"),
                    root.bool("autopath"),
                    root.bool("queryLog"),
                    root.has("dns64") ? Optional.of(root.value("dns64", Cidr::parse)) : Optional.empty(),
                    root.strings("transferTo", Cidr::parse),
                    root.has("lameDuckSeconds") ? root.integer("lameDuckSeconds") : DnsConfig.LAME_DUCK_SECONDS);
        } catch (IllegalArgumentException e) {
            throw new ConfigFormatException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<DnsConfig.Upstream> readUpstreams(JsonObject object) {
        return object.objects("upstreams").stream()
                .map(upstream -> new DnsConfig.Upstream(
                        upstream.value("protocol", DnsConfig.Protocol::valueOf),
                        upstream.value("ip", Ip::parse),
                        upstream.integer("port"),
                        upstream.string("serverName")))
                .toList();
    }

    private static List<Map<String, Object>> upstreams(List<DnsConfig.Upstream> upstreams) {
        return upstreams.stream()
                .map(upstream -> object(
                        "protocol", upstream.protocol().name(),
                        "ip", upstream.ip().toString(),
                        "port", upstream.port(),
                        "serverName", upstream.serverName()))
                .toList();
    }
}
