package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.match.BoundedText;
import dev.weft.ingress.match.RegexRewrite;
import dev.weft.ingress.route.PathRewrite;

/** Makes a path another one. */
final class Rewriting {
    private Rewriting() {}

    /**
     * The path and query that a request is changed to.
     *
     * @param path begins with a slash; so does what is returned
     * @throws BoundedText.ExhaustedException if an expression is too hard to follow
     */
    static String target(PathRewrite rewrite, String path, String query, String matchedPrefix) {
        String mark = query.isEmpty() ? "" : "?" + query;
        if (rewrite instanceof PathRewrite.Regex regex) {
            return RegexRewrite.apply(regex, path, query).orElse(path + mark);
        }
        return path(rewrite, path, matchedPrefix) + mark;
    }

    private static String path(PathRewrite rewrite, String path, String matchedPrefix) {
        String changed = switch (rewrite) {
            case PathRewrite.Full full -> full.path();
            case PathRewrite.Prefix prefix -> prefix(path, matchedPrefix, prefix.replacement());
            case PathRewrite.Regex regex -> path;
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
}
