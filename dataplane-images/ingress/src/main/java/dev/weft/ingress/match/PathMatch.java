package dev.weft.ingress.match;

import java.util.regex.Pattern;

/** Which paths fit. All are compared with {@link Paths#normal} of the path that was asked for. */
public sealed interface PathMatch {
    /** Every path. */
    PathMatch ANY = new Prefix("/");

    /** The path itself: a final slash matters. */
    record Exact(String path) implements PathMatch {
        public Exact {
            checkPath(path);
        }
    }

    /**
     * By elements: {@code /a} fits {@code /a}, {@code /a/} and {@code /a/b}, not {@code /ab}.
     *
     * @param path a final slash does not matter
     */
    record Prefix(String path) implements PathMatch {
        public Prefix {
            checkPath(path);
            path = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        }
    }

    /** By characters, as a location of nginx without modifier: {@code /a} fits {@code /ab}. */
    record Text(String prefix) implements PathMatch {
        public Text {
            checkPath(prefix);
        }
    }

    /** Found anywhere in the path: who means its begin or its end says so with {@code ^} and {@code $}. */
    record Regex(Pattern pattern) implements PathMatch {
        @Override
        public boolean equals(Object other) {
            return other instanceof Regex(Pattern that)
                    && pattern.pattern().equals(that.pattern())
                    && pattern.flags() == that.flags();
        }

        @Override
        public int hashCode() {
            return pattern.pattern().hashCode();
        }
    }

    private static void checkPath(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash: '" + path + "'");
        }
    }
}
