package dev.weft.ingress.route;

import java.util.regex.Pattern;

/** How a path becomes another. The query stays. */
public sealed interface PathRewrite {
    record Full(String path) implements PathRewrite {}

    /** Instead of {@link HttpRule#matchedPrefix()}; a slash between it and the rest is neither lost nor doubled. */
    record Prefix(String replacement) implements PathRewrite {}

    /**
     * By groups of a regular expression, as {@code rewrite-target} has it: if the expression is found anywhere in the decoded
     * path, the replacement with its groups is the whole new path, which is encoded again. See {@code match.RegexRewrite}.
     *
     * @param replacement with {@code $1} to {@code $9}; may hold a query, behind which the request's own is put
     */
    record Regex(Pattern pattern, String replacement) implements PathRewrite {
        @Override
        public boolean equals(Object other) {
            return other instanceof Regex that
                    && pattern.pattern().equals(that.pattern.pattern())
                    && replacement.equals(that.replacement);
        }

        @Override
        public int hashCode() {
            return 31 * pattern.pattern().hashCode() + replacement.hashCode();
        }
    }
}
