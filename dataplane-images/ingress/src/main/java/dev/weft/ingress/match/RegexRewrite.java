package dev.weft.ingress.match;

import dev.weft.ingress.route.PathRewrite;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;

/**
 * What {@link PathRewrite.Regex} makes of a request, as {@code rewrite REGEX REPLACEMENT break} of nginx does
 * (ngx_http_rewrite_module, ngx_escape_uri).
 */
public final class RegexRewrite {
    private static final String HEX = "0123456789ABCDEF";
    private static final String IN_PATH = "%?#\"<>\\^`{|}";
    private static final String IN_ARGUMENT = "&+";

    private RegexRewrite() {}

    /**
     * The path and query to ask for.
     *
     * @param rawPath as it was sent
     * @param query as it was sent, without question mark; empty if there is none
     * @return empty if the expression is not found, or the path cannot be decoded: then all stays as it is
     * @throws BoundedText.ExhaustedException if that is too hard to say
     */
    public static Optional<String> apply(PathRewrite.Regex rewrite, String rawPath, String query) {
        return found(rewrite, rawPath).map(matcher -> {
            int mark = rewrite.replacement().indexOf('?');
            String pathText =
                    mark < 0 ? rewrite.replacement() : rewrite.replacement().substring(0, mark);
            String path = escaped(withGroups(pathText, matcher, value -> value), IN_PATH);
            String own = mark < 0 ? "" : arguments(rewrite.replacement().substring(mark + 1), matcher, rawPath);
            String both = own.isEmpty() || query.isEmpty() ? own + query : own + "&" + query;
            return (path.startsWith("/") ? path : "/" + path) + (both.isEmpty() ? "" : "?" + both);
        });
    }

    /** What was encoded in the path stays part of one argument. */
    private static String arguments(String text, Matcher matcher, String rawPath) {
        boolean encoded = rawPath.indexOf('%') >= 0 || rawPath.indexOf('+') >= 0;
        return escaped(withGroups(text, matcher, value -> encoded ? escaped(value, IN_PATH + IN_ARGUMENT) : value), "");
    }

    /** The replacement with its groups, not encoded. */
    public static Optional<String> replaced(PathRewrite.Regex rewrite, String rawPath) {
        return found(rewrite, rawPath).map(matcher -> withGroups(rewrite.replacement(), matcher, value -> value));
    }

    private static Optional<Matcher> found(PathRewrite.Regex rewrite, String rawPath) {
        Optional<Matcher> matcher =
                Paths.normal(rawPath).map(path -> rewrite.pattern().matcher(new BoundedText(path)));
        return matcher.filter(BoundedText::find);
    }

    private static String withGroups(String replacement, Matcher matcher, UnaryOperator<String> each) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            int group = c == '$' && i + 1 < replacement.length() ? replacement.charAt(i + 1) - '0' : -1;
            if (group >= 1 && group <= 9) {
                String value = group <= matcher.groupCount() ? matcher.group(group) : null;
                text.append(value == null ? "" : each.apply(value));
                i++;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** What would end a path or a request line is encoded; as nginx, nothing else, so that a backend sees what it saw there. */
    private static String escaped(String value, String special) {
        byte[] octets = value.getBytes(StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(octets.length + 16);
        for (byte octet : octets) {
            int c = octet & 0xff;
            if (c <= ' ' || c >= 0x7f || special.indexOf(c) >= 0) {
                text.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                text.append((char) c);
            }
        }
        return text.toString();
    }
}
