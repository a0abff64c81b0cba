package dev.weft.ingress.proxy.exchange;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text with variables of nginx, as {@code upstream-hash-by} and {@code auth-url} have it. One that is not known is empty. */
public final class Template {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z_]+[a-z0-9_]*)\\}?", Pattern.CASE_INSENSITIVE);

    private interface Part {
        String of(Exchange exchange);
    }

    private final List<Part> parts = new ArrayList<>();

    public Template(String text) {
        Matcher variables = VARIABLE.matcher(text);
        int at = 0;
        while (variables.find()) {
            literal(text.substring(at, variables.start()));
            parts.add(variable(variables.group(1)));
            at = variables.end();
        }
        literal(text.substring(at));
    }

    private void literal(String text) {
        if (!text.isEmpty()) {
            parts.add(exchange -> text);
        }
    }

    private static Part variable(String name) {
        if (name.startsWith("http_") && !name.equals("http_host")) {
            String field = name.substring(5).replace('_', '-');
            return exchange -> text(exchange.request().fields().first(field));
        }
        if (name.startsWith("arg_")) {
            String argument = name.substring(4);
            return exchange -> argument(exchange.request().query(), argument);
        }
        if (name.startsWith("cookie_")) {
            String cookie = name.substring(7);
            return exchange -> text(Cookies.find(exchange.request().fields(), cookie));
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "remote_addr", "binary_remote_addr" ->
                exchange -> exchange.client().toString();
            case "request_uri" -> Exchange::target;
            case "uri" -> exchange -> exchange.request().path();
            case "host" -> exchange -> exchange.request().host();
            case "http_host" -> exchange -> exchange.request().authority();
            case "request_method" -> exchange -> exchange.request().method();
            case "escaped_request_uri" -> exchange -> URLEncoder.encode(exchange.target(), StandardCharsets.UTF_8);
            case "scheme" -> Exchange::scheme;
            default -> exchange -> "";
        };
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static String argument(String query, String name) {
        for (String pair : query.split("&")) {
            if (pair.startsWith(name) && pair.length() > name.length() && pair.charAt(name.length()) == '=') {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }

    /** The text with what its variables are for a request. */
    public String of(Exchange exchange) {
        StringBuilder key = new StringBuilder();
        for (Part part : parts) {
            key.append(part.of(exchange));
        }
        return key.toString();
    }
}
