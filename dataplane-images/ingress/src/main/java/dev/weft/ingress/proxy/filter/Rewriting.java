package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.route.PathRewrite;
import java.util.regex.Matcher;

/** Makes a path another one. */
final class Rewriting {
    private Rewriting() {}

    /** @param path begins with a slash; so does what is returned */
    static String path(PathRewrite rewrite, String path, String matchedPrefix) {
        String changed = switch (rewrite) {
            case PathRewrite.Full full -> full.path();
            case PathRewrite.Prefix prefix -> prefix(path, matchedPrefix, prefix.replacement());
            case PathRewrite.Regex regex -> regex(regex, path);
        };
        return changed.startsWith("/") || changed.equals("*") ? changed : "/" + changed;
    }

    private static String prefix(String path, String matched, String replacement) {
        String prefix = matched.endsWith("/") ? matched.substring(0, matched.length() - 1) : matched;
        String rest = path.startsWith(prefix) ? path.substring(prefix.length()) : path;
        String begin = replacement.endsWith("/") ? replacement.substring(0, replacement.length() - 1) : replacement;
        if (rest.isEmpty()) {
            return replacement.isEmpty() ? "/" : replacement;
        }
        return rest.startsWith("/") ? begin + rest : begin + "/" + rest;
    }

    private static String regex(PathRewrite.Regex rewrite, String path) {
        Matcher matcher = rewrite.pattern().matcher(path);
        if (!matcher.find()) {
            return path;
        }
        StringBuilder result = new StringBuilder();
        String text = rewrite.replacement();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean group = c == '$' && i + 1 < text.length() && text.charAt(i + 1) >= '1' && text.charAt(i + 1) <= '9';
            if (!group) {
                result.append(c);
                continue;
            }
            int number = text.charAt(++i) - '0';
            String value = number <= matcher.groupCount() ? matcher.group(number) : null;
            result.append(value == null ? "" : value);
        }
        return result.toString();
    }
}
