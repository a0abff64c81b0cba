package dev.weft.config;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON text of {@link DnsStatus}. */
public final class DnsStatusJson {
    private DnsStatusJson() {}

    public static String write(DnsStatus status) {
        Map<String, Object> fields = object(
                "version", status.version(),
                "ready", status.ready(),
                "message", status.message());
        fields.put(
                "config",
                object(
                        "taken", status.config().taken(),
                        "message", status.config().message(),
                        "hash", status.config().hash()));
        fields.put("names", status.names());
        fields.put(
                "upstreams",
                status.upstreams().stream().map(DnsStatusJson::upstream).toList());
        try {
            return JSON.std.asString(fields);
        } catch (IOException e) {
            throw new IllegalStateException("maps, lists, strings and numbers always have a JSON text", e);
        }
    }

    /**
     * Reads what {@link #write} wrote; unknown fields are ignored.
     *
     * @throws ConfigFormatException if a field is missing or wrong; the message names it
     */
    public static DnsStatus read(String json) {
        JsonObject root = JsonObject.parse(json);
        JsonObject config = root.object("config");
        List<DnsStatus.Upstream> upstreams = root.objects("upstreams").stream()
                .map(upstream -> new DnsStatus.Upstream(
                        upstream.string("domain"),
                        upstream.string("server"),
                        upstream.bool("up"),
                        upstream.bool("looping"),
                        upstream.string("lastError")))
                .toList();
        return new DnsStatus(
                root.string("version"),
                root.bool("ready"),
                root.string("message"),
                new DnsStatus.Config(config.bool("taken"), config.string("message"), config.string("hash")),
                root.integer("names"),
                upstreams);
    }

    private static Map<String, Object> upstream(DnsStatus.Upstream upstream) {
        Map<String, Object> fields = object(
                "domain", upstream.domain(),
                "server", upstream.server(),
                "up", upstream.up());
        fields.put("looping", upstream.looping());
        fields.put("lastError", upstream.lastError());
        return fields;
    }

    private static Map<String, Object> object(String a, Object x, String b, Object y, String c, Object z) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(a, x);
        fields.put(b, y);
        fields.put(c, z);
        return fields;
    }
}
