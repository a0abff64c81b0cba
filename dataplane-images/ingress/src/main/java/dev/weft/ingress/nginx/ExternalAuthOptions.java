package dev.weft.ingress.nginx;

import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.compile.UpstreamPlan.Source;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HeaderEdits.Field;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.UpstreamTls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code auth-url} and what belongs to it. */
final class ExternalAuthOptions {
    private static final Pattern URL = Pattern.compile("(?<scheme>https?)://(?<host>\\[[0-9a-fA-F:.]+]|[^/:?\\[\\]]+)"
            + "(:(?<port>\\d{1,5}))?(?<path>/[^#]*|\\?[^#]*)?");
    private static final Pattern METHOD = Pattern.compile("GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|OPTIONS|TRACE");
    private static final Pattern FIELD_NAME = Pattern.compile("[a-zA-Z\\d\\-_]+");
    private static final String ASKED = "$scheme://$http_host$escaped_request_uri";

    private ExternalAuthOptions() {}

    static Optional<Filter> read(Reading in) {
        Annotations annotations = in.annotations();
        if (!annotations.has("auth-url")) {
            return Optional.empty();
        }
        Optional<String> text = annotations.text("auth-url");
        Matcher url = URL.matcher(text.orElse(""));
        if (!url.matches()) {
            in.deny("auth-url", "'" + text.orElse("") + "' is no URL");
            return Optional.empty();
        }
        Optional<UpstreamPlan> plan = plan(in, url);
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> method = annotations.text("auth-method", METHOD);
        if (annotations.has("auth-method") && method.isEmpty()) {
            in.deny("auth-method", "it is no method");
        }
        String path = Optional.ofNullable(url.group("path")).orElse("/");
        return Optional.of(new Filter.ExternalAuth(
                in.use(plan.get()),
                url.group("host"),
                path.startsWith("/") ? path : "/" + path,
                method,
                signin(annotations),
                responseHeaders(in),
                Set.of(),
                headers(in, method),
                annotations.isTrue("auth-always-set-cookie")));
    }

    /** Who is asked. {@code $host} is this proxy, which every host name of an Ingress leads to. */
    private static Optional<UpstreamPlan> plan(Reading in, Matcher url) {
        boolean tls = url.group("scheme").equals("https");
        String host = url.group("host");
        boolean self = host.equals("$host") || host.equals("$http_host");
        if (!self && host.contains("$")) {
            in.deny("auth-url", "of variables only $host can be the host of a URL");
            return Optional.empty();
        }
        int port = Optional.ofNullable(url.group("port")).map(Integer::parseInt).orElse(tls ? 443 : 80);
        if (port == 0 || port > 65535) {
            in.deny("auth-url", port + " is no port");
            return Optional.empty();
        }
        Source source = self
                ? new Source.OfHost("127.0.0.1", in.httpsPort())
                : new Source.OfHost(host.replaceAll("[\\[\\]]", ""), port);
        UpstreamPlan plan = new UpstreamPlan(
                source, Upstream.Protocol.HTTP1, Optional.empty(), new Upstream.Balancing.LeastRequest());
        // Not verified, as there: what answers is often a Service with a certificate of its own making.
        return Optional.of(
                tls || self
                        ? plan.withTls(new UpstreamTls(self ? "" : host, false, "", List.of(), Optional.empty()))
                        : plan);
    }

    private static Optional<String> signin(Annotations annotations) {
        String parameter =
                annotations.text("auth-signin-redirect-param", FIELD_NAME).orElse("rd");
        return annotations.text("auth-signin").map(url -> {
            int mark = url.indexOf('?');
            if (mark < 0) {
                return url + "?" + parameter + "=" + ASKED;
            }
            boolean told = ("&" + url.substring(mark + 1)).contains("&" + parameter + "=");
            return told ? url : url + "&" + parameter + "=" + ASKED;
        });
    }

    private static Set<String> responseHeaders(Reading in) {
        Set<String> names = new HashSet<>();
        for (String name : in.annotations().list("auth-response-headers")) {
            if (FIELD_NAME.matcher(name).matches()) {
                names.add(name.toLowerCase(Locale.ROOT));
            } else {
                in.deny("auth-response-headers", "'" + name + "' is no name of a header field");
            }
        }
        return names;
    }

    private static List<Field> headers(Reading in, Optional<String> method) {
        List<Field> headers = new ArrayList<>();
        if (method.isPresent()) {
            headers.add(new Field("X-Original-URI", "$request_uri"));
            headers.add(new Field("X-Scheme", "$scheme"));
        }
        headers.add(new Field("X-Original-URL", "$scheme://$http_host$request_uri"));
        headers.add(new Field("X-Original-Method", "$request_method"));
        headers.add(new Field("X-Sent-From", "nginx-ingress-controller"));
        headers.add(new Field("X-Real-IP", "$remote_addr"));
        headers.add(new Field("X-Forwarded-For", "$remote_addr"));
        headers.add(new Field(
                "X-Auth-Request-Redirect",
                in.annotations().text("auth-request-redirect").orElse("$request_uri")));
        in.configMap("auth-proxy-set-headers")
                .ifPresent(map -> map.data().forEach((name, value) -> {
                    if (FIELD_NAME.matcher(name).matches()) {
                        headers.add(new Field(name, value.strip()));
                    } else {
                        in.deny("auth-proxy-set-headers", "'" + name + "' is no name of a header field");
                    }
                }));
        return headers;
    }
}
