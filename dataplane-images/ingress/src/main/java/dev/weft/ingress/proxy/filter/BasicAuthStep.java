package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.route.Filter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HTTP basic authentication (RFC 7617). What is slow by design is worked out by another thread. */
final class BasicAuthStep implements Step {
    private final String challenge;
    private final Map<String, String> hashes = new HashMap<>();
    private final PasswordCheck passwords;

    BasicAuthStep(Filter.BasicAuth auth, PasswordCheck passwords) {
        this.challenge = "Basic realm=\"" + auth.realm().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        this.passwords = passwords;
        for (String line : auth.users()) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("#")) {
                int end = line.indexOf(':', colon + 1);
                hashes.put(line.substring(0, colon), line.substring(colon + 1, end < 0 ? line.length() : end));
            }
        }
    }

    @Override
    public Outcome apply(Exchange exchange) {
        String given = credentials(exchange.request().fields().first(FieldName.AUTHORIZATION));
        int colon = given == null ? -1 : given.indexOf(':');
        if (given == null || colon < 0) {
            refuse(exchange);
            return Outcome.ANSWERED;
        }
        String hash = hashes.get(given.substring(0, colon));
        if (hash == null) {
            refuse(exchange);
            return Outcome.ANSWERED;
        }
        String password = given.substring(colon + 1);
        Boolean known = passwords.known(hash, password);
        if (known == null) {
            passwords.check(
                    hash,
                    password,
                    right -> exchange.loop().eventLoop().execute(() -> {
                        if (right) {
                            exchange.resume();
                        } else {
                            refuse(exchange);
                        }
                    }));
            return Outcome.LATER;
        }
        if (known) {
            return Outcome.PASS;
        }
        refuse(exchange);
        return Outcome.ANSWERED;
    }

    private void refuse(Exchange exchange) {
        ResponseHead head = Answers.head(401);
        head.fields().add("WWW-Authenticate", challenge);
        exchange.refuse(head, "authentication");
    }

    private static @Nullable String credentials(@Nullable String field) {
        if (field == null || field.length() < 6 || !field.regionMatches(true, 0, "Basic ", 0, 6)) {
            return null;
        }
        try {
            return new String(Base64.getDecoder().decode(field.substring(6).strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
