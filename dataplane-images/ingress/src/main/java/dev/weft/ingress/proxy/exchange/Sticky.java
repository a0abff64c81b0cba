package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.upstream.EndpointState;
import dev.weft.ingress.route.Affinity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Leads clients back to the endpoint that they had. The cookie has the endpoint's name, and when it was set. */
final class Sticky {
    /** @param since seconds since 1970 */
    record Wish(String endpoint, long since) {}

    private final Affinity affinity;

    Sticky(Affinity affinity) {
        this.affinity = affinity;
    }

    /** What the request's cookie asks for; null without one, or if it is too old. */
    @Nullable
    Wish wish(Fields fields, long nowSeconds) {
        String value = Cookies.find(fields, affinity.cookie());
        if (value == null) {
            return null;
        }
        int dot = value.indexOf('.');
        String endpoint = dot < 0 ? value : value.substring(0, dot);
        long since = dot < 0 ? 0 : seconds(value.substring(dot + 1));
        if (affinity.absolute().isPresent()) {
            long age = nowSeconds - since;
            if (age < 0 || age > affinity.absolute().get().toSeconds()) {
                return null;
            }
        }
        return new Wish(endpoint, since);
    }

    private static long seconds(String text) {
        try {
            return Long.parseLong(text, 16);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * The value of Set-Cookie.
     *
     * @param tls whether the client came over it
     */
    String cookie(EndpointState endpoint, long nowSeconds, boolean tls) {
        StringBuilder cookie = new StringBuilder(affinity.cookie()).append('=').append(endpoint.affinity());
        if (affinity.absolute().isPresent()) {
            cookie.append('.').append(Long.toHexString(nowSeconds));
        }
        cookie.append("; Path=").append(affinity.path().isEmpty() ? "/" : affinity.path());
        affinity.domain().ifPresent(domain -> cookie.append("; Domain=").append(domain));
        affinity.maxAge()
                .map(Duration::toSeconds)
                .ifPresent(age -> cookie.append("; Max-Age=").append(age));
        if (affinity.secure().orElse(tls)) {
            cookie.append("; Secure");
        }
        cookie.append("; HttpOnly");
        affinity.sameSite().ifPresent(site -> cookie.append("; SameSite=").append(site));
        return cookie.toString();
    }
}
