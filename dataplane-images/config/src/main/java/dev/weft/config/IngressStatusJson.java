package dev.weft.config;

import static dev.weft.config.JsonText.object;

import java.util.List;

/** The JSON text of {@link IngressStatus}. */
public final class IngressStatusJson {
    private IngressStatusJson() {}

    public static String write(IngressStatus status) {
        return JsonText.of(object(
                "version", status.version(),
                "ready", status.ready(),
                "message", status.message(),
                "config",
                        object(
                                "taken", status.config().taken(),
                                "message", status.config().message(),
                                "hash", status.config().hash()),
                "ingresses", status.ingresses(),
                "routes", status.routes(),
                "unsupported",
                        status.unsupported().stream()
                                .map(u -> object("what", u.what(), "ingresses", u.ingresses(), "example", u.example()))
                                .toList()));
    }

    /**
     * Reads what {@link #write} wrote; unknown fields are ignored.
     *
     * @throws ConfigFormatException if a field is missing or wrong; the message names it
     */
    public static IngressStatus read(String json) {
        JsonObject root = JsonObject.parse(json);
        JsonObject config = root.object("config");
        List<IngressStatus.Unsupported> unsupported = root.objects("unsupported").stream()
                .map(u -> new IngressStatus.Unsupported(u.string("what"), u.integer("ingresses"), u.string("example")))
                .toList();
        return new IngressStatus(
                root.string("version"),
                root.bool("ready"),
                root.string("message"),
                new IngressStatus.Config(config.bool("taken"), config.string("message"), config.string("hash")),
                root.integer("ingresses"),
                root.integer("routes"),
                unsupported);
    }
}
