package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HeaderEdits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code auth-type}, {@code auth-secret}, {@code auth-secret-type} and {@code auth-realm}. */
final class AuthOptions {
    private AuthOptions() {}

    static List<Filter> basic(Reading in) {
        Annotations annotations = in.annotations();
        if (!annotations.has("auth-type")) {
            return List.of();
        }
        // What is wrong here must not open what was meant to be closed.
        if (annotations.word("auth-type", "basic").isEmpty()) {
            in.deny("auth-type", "only basic is supported");
            return List.of();
        }
        if (!annotations.has("auth-secret")) {
            in.deny("auth-type", "there is no auth-secret");
            return List.of();
        }
        Optional<Secret> secret = in.secret("auth-secret");
        if (secret.isEmpty()) {
            return List.of();
        }
        List<String> users = users(in, secret.get());
        // The backend is not told the password, as there.
        return List.of(
                new Filter.BasicAuth(annotations.text("auth-realm").orElse(""), users),
                new Filter.RequestHeaders(new HeaderEdits(List.of(), List.of(), List.of("authorization"))));
    }

    private static List<String> users(Reading in, Secret secret) {
        Optional<String> type = in.annotations().word("auth-secret-type", "auth-file", "auth-map");
        if (in.annotations().has("auth-secret-type") && type.isEmpty()) {
            in.deny("auth-secret-type", "it is neither auth-file nor auth-map");
        }
        if (type.orElse("auth-file").equals("auth-map")) {
            return secret.data().entrySet().stream()
                    .map(entry -> entry.getKey() + ":" + text(entry.getValue()).strip())
                    .sorted()
                    .toList();
        }
        String file = secret.data().get("auth");
        if (file == null) {
            in.deny("auth-secret", "the Secret " + secret.key() + " has no key auth");
            return List.of();
        }
        return text(file)
                .lines()
                .map(String::strip)
                .filter(line -> line.contains(":") && !line.startsWith("#"))
                .toList();
    }

    private static String text(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
