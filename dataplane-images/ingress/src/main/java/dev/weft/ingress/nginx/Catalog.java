package dev.weft.ingress.nginx;

import static dev.weft.ingress.nginx.Catalog.Support.NO_EFFECT;
import static dev.weft.ingress.nginx.Catalog.Support.PARTLY;
import static dev.weft.ingress.nginx.Catalog.Support.READ;
import static dev.weft.ingress.nginx.Catalog.Support.REFUSED;
import static dev.weft.ingress.nginx.Catalog.Support.UNSUPPORTED;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Every annotation of ingress-nginx (1.15), what is done with it, and what to write instead. */
public final class Catalog {
    /** What is done with an annotation. */
    public enum Support {
        /** As ingress-nginx does. */
        READ,
        /** As ingress-nginx does, but for what {@link Entry#says} says. */
        PARTLY,
        /** Nothing has to be done: what it asks for is the case, or about nginx' own workings. */
        NO_EFFECT,
        /** Nothing is done, and the Ingress has an Event that says so. */
        UNSUPPORTED,
        /** Likewise, and never will be. */
        REFUSED
    }

    /**
     * @param name without the prefix
     * @param says what people should know; may be empty
     * @param gateway what Gateway API has in its place; empty for nothing
     */
    public record Entry(String name, Support support, String says, String gateway) {}

    private static final Map<String, Entry> ALL = new LinkedHashMap<>();

    private Catalog() {}

    private static void add(Support support, String says, String gateway, String... names) {
        for (String name : names) {
            ALL.put(name, new Entry(name, support, says, gateway));
        }
    }

    static {
        String redirect = "HTTPRoute filter RequestRedirect";
        add(READ, "default true where the host has TLS; status 308", redirect, "ssl-redirect");
        add(READ, "", redirect, "force-ssl-redirect", "app-root", "permanent-redirect", "permanent-redirect-code");
        add(READ, "", redirect, "temporal-redirect", "temporal-redirect-code", "from-to-www-redirect");
        add(PARTLY, "the final slash is always kept", "", "preserve-trailing-slash");
        add(UNSUPPORTED, "redirects name scheme and host", "", "relative-redirects");
        add(UNSUPPORTED, "redirects to https go to port 443", "", "use-port-in-redirects");
        add(READ, "", "HTTPRoute filter URLRewrite (prefixes, no expressions)", "rewrite-target", "x-forwarded-prefix");
        add(
                READ,
                "expressions are Java's, which reads what PCRE reads but for rare forms",
                "HTTPRoute match" + " RegularExpression",
                "use-regex");
        add(READ, "also for bodies without length", "", "proxy-body-size");
        add(READ, "seconds", "HTTPRoute timeouts", "proxy-connect-timeout", "proxy-read-timeout", "proxy-send-timeout");
        add(NO_EFFECT, "answers are passed on as they come, and as fast as the client reads", "", "proxy-buffering");
        add(NO_EFFECT, "buffers grow and shrink by themselves", "", "proxy-buffer-size", "proxy-buffers-number");
        add(NO_EFFECT, "there are no files", "", "proxy-max-temp-file-size", "proxy-busy-buffers-size");
        add(NO_EFFECT, "see proxy-request-buffering", "", "client-body-buffer-size");
        add(
                PARTLY,
                "default off: requests are passed on as they come; on holds them in memory, with a proxy-body-size"
                        + " of 64m at most",
                "",
                "proxy-request-buffering");
        add(NO_EFFECT, "HTTP/1.1 or HTTP/2, see backend-protocol", "", "proxy-http-version");
        add(
                READ,
                "HTTP, HTTPS, GRPC, GRPCS; AUTO_HTTP is HTTP; FCGI is refused with 503",
                "Service appProtocol," + " BackendTLSPolicy",
                "backend-protocol");
        add(READ, "of OPTIONS, preflights are answered", "HTTPRoute filter CORS", "enable-cors", "cors-allow-methods");
        add(READ, "any origin (*) is without credentials", "HTTPRoute filter CORS", "cors-allow-origin");
        add(READ, "", "HTTPRoute filter CORS", "cors-allow-headers", "cors-allow-credentials", "cors-expose-headers");
        add(READ, "", "HTTPRoute filter CORS", "cors-max-age");
        add(READ, "", "HTTPRoute filter ExternalAuth", "auth-url", "auth-method", "auth-response-headers");
        add(READ, "", "", "auth-signin", "auth-signin-redirect-param", "auth-proxy-set-headers");
        add(READ, "", "", "auth-request-redirect", "auth-always-set-cookie");
        add(UNSUPPORTED, "each request is asked about", "", "auth-cache-key", "auth-cache-duration");
        add(NO_EFFECT, "connections are kept", "", "auth-keepalive", "auth-keepalive-requests");
        add(NO_EFFECT, "connections are kept", "", "auth-keepalive-timeout", "auth-keepalive-share-vars");
        add(NO_EFFECT, "there is no global auth-url", "", "enable-global-auth");
        add(PARTLY, "basic; digest is refused with 503", "", "auth-type");
        add(READ, "", "", "auth-secret", "auth-secret-type", "auth-realm");
        add(PARTLY, "any is read as all, which is stricter", "", "satisfy");
        add(READ, "", "", "whitelist-source-range", "allowlist-source-range", "denylist-source-range");
        add(READ, "429 in place of 503, unless weft.dev/limit-status-code says 503", "", "limit-rps", "limit-rpm");
        add(READ, "429 in place of 503, unless weft.dev/limit-status-code says 503", "", "limit-connections");
        add(READ, "", "", "limit-burst-multiplier", "limit-whitelist", "limit-allowlist");
        add(UNSUPPORTED, "", "", "limit-rate", "limit-rate-after");
        String session = "HTTPRoute sessionPersistence";
        add(READ, "", session, "affinity", "session-cookie-name", "session-cookie-max-age", "session-cookie-path");
        add(READ, "", session, "session-cookie-domain", "session-cookie-secure", "session-cookie-samesite");
        add(PARTLY, "as session-cookie-max-age, where that is not given", session, "session-cookie-expires");
        add(UNSUPPORTED, "SameSite is sent to every browser", "", "session-cookie-conditional-samesite-none");
        add(
                NO_EFFECT,
                "an endpoint that cannot be reached is left, and the cookie changed",
                "",
                "session-cookie-change-on-failure");
        add(
                PARTLY,
                "balanced is persistent: the cookie holds for as long as its endpoint is there",
                "",
                "affinity-mode");
        add(PARTLY, "clients of a canary stay with it (sticky)", "", "affinity-canary-behavior");
        String weights = "HTTPRoute backendRefs with weights";
        add(READ, "any number of canaries", weights, "canary", "canary-weight", "canary-weight-total");
        add(READ, "", "HTTPRoute header matches", "canary-by-header", "canary-by-header-value");
        add(READ, "", "HTTPRoute header matches", "canary-by-header-pattern", "canary-by-cookie");
        add(READ, "", "", "upstream-hash-by");
        add(UNSUPPORTED, "each key has one endpoint", "", "upstream-hash-by-subset", "upstream-hash-by-subset-size");
        add(READ, "default is the endpoint with fewer open requests of two; round_robin, ewma", "", "load-balance");
        add(PARTLY, "names and wildcards, no expressions", "HTTPRoute hostnames", "server-alias");
        add(READ, "", "TLSRoute", "ssl-passthrough");
        add(READ, "a revocation list (ca.crl) is not read", "Gateway frontend validation", "auth-tls-secret");
        add(READ, "", "Gateway frontend validation", "auth-tls-verify-client", "auth-tls-verify-depth");
        add(READ, "", "", "auth-tls-pass-certificate-to-upstream", "auth-tls-match-cn");
        add(UNSUPPORTED, "", "", "auth-tls-error-page");
        add(READ, "", "BackendTLSPolicy", "proxy-ssl-secret", "proxy-ssl-verify", "proxy-ssl-name");
        add(READ, "", "BackendTLSPolicy", "proxy-ssl-server-name");
        add(NO_EFFECT, "TLS 1.2 and 1.3 with the ciphers that are safe", "", "proxy-ssl-protocols");
        add(NO_EFFECT, "TLS 1.2 and 1.3 with the ciphers that are safe", "", "proxy-ssl-ciphers", "ssl-ciphers");
        add(NO_EFFECT, "TLS 1.2 and 1.3 with the ciphers that are safe", "", "ssl-prefer-server-ciphers");
        add(NO_EFFECT, "chains of any length", "", "proxy-ssl-verify-depth");
        add(
                PARTLY,
                "variables $service_name, $namespace and $service_port, no others",
                "HTTPRoute filter URLRewrite" + " hostname",
                "upstream-vhost");
        add(READ, "any field, not only those of a list", "HTTPRoute filter ResponseHeaderModifier", "custom-headers");
        add(READ, "", "", "service-upstream", "proxy-next-upstream-tries");
        add(READ, "non_idempotent needs proxy-request-buffering: on", "", "proxy-next-upstream");
        add(UNSUPPORTED, "", "", "proxy-next-upstream-timeout");
        add(READ, "", "", "enable-access-log", "default-backend", "custom-http-errors");
        add(READ, "", "", "disable-proxy-intercept-errors");
        add(NO_EFFECT, "there is no such log", "", "enable-rewrite-log");
        add(
                UNSUPPORTED,
                "",
                "",
                "proxy-cookie-domain",
                "proxy-cookie-path",
                "proxy-redirect-from",
                "proxy-redirect-to");
        add(NO_EFFECT, "connections are kept or not as HTTP says", "", "connection-proxy-header");
        add(PARTLY, "the path is the request's", "HTTPRoute filter RequestMirror", "mirror-target", "mirror-host");
        add(NO_EFFECT, "copies have the body", "", "mirror-request-body");
        add(NO_EFFECT, "browsers have given up push", "", "http2-push-preload");
        add(UNSUPPORTED, "traceparent is passed on", "", "enable-opentelemetry", "opentelemetry-operation-name");
        add(UNSUPPORTED, "traceparent is passed on", "", "opentelemetry-trust-incoming-span");
        add(UNSUPPORTED, "FastCGI is not spoken", "", "fastcgi-index", "fastcgi-params-configmap");
        add(REFUSED, "text of nginx' configuration is never read", "", "configuration-snippet", "server-snippet");
        add(REFUSED, "text of nginx' configuration is never read", "", "auth-snippet", "stream-snippet");
        add(REFUSED, "text of nginx' configuration is never read", "", "modsecurity-snippet");
        add(REFUSED, "there is no ModSecurity", "", "enable-modsecurity", "enable-owasp-core-rules");
        add(REFUSED, "there is no ModSecurity", "", "modsecurity-transaction-id");
    }

    public static Collection<Entry> all() {
        return ALL.values();
    }

    /** @param name without the prefix */
    public static Optional<Entry> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }
}
