package dev.weft.ingress.match;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which values of a header field or query parameter fit. */
public sealed interface ValueMatch extends Predicate<String> {
    record Exact(String value) implements ValueMatch {
        @Override
        public boolean test(String text) {
            return text.equals(value);
        }
    }

    /** Found anywhere in the value: who means all of it says so with {@code ^} and {@code $}. */
    record Regex(Pattern pattern) implements ValueMatch {
        @Override
        public boolean test(String text) {
            return BoundedText.find(pattern, text);
        }

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

    /** Of a {@code Cookie} field (RFC 6265, 4.2): it holds a cookie of this name and value. */
    record Cookie(String name, String value) implements ValueMatch {
        @Override
        public boolean test(String field) {
            for (String pair : field.split(";")) {
                int equals = pair.indexOf('=');
                if (equals >= 0
                        && pair.substring(0, equals).strip().equals(name)
                        && pair.substring(equals + 1).strip().equals(value)) {
                    return true;
                }
            }
            return false;
        }
    }
}
