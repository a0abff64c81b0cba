package dev.weft.config;

import static dev.weft.config.JsonText.object;

import java.util.List;
import java.util.Map;

/** The JSON text of {@link DnsStatus}. */
public final class DnsStatusJson {
    private DnsStatusJson() {}

    public static String write(DnsStatus status) {
        return JsonText.of(object(
                "version", status.version(),
                "ready", status.ready(),
                "message", status.message(),
                "config",
                        object(
                                "taken", status.config().taken(),
                                "message", status.config().message(),
                                "hash", status.config().hash()),
                "names", status.names(),
                "upstreams",
                        status.upstreams().stream().map(DnsStatusJson::upstream).toList()));
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
        return object(
                "domain", upstream.domain(),
                "server", upstream.server(),
                "up", upstream.up(),
                "looping", upstream.looping(),
                "lastError", upstream.lastError());
    }
}
