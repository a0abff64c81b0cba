package dev.weft.ingress.nginx;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Expressions as nginx' users write them (PCRE), for Java. */
final class Pcre {
    private static final int MAX_LENGTH = 4096;

    private Pcre() {}

    /**
     * Whatever the case of letters, as {@code ~*} and {@code (?i)}.
     *
     * @throws IllegalArgumentException if it is none, or of a form that Java has not; the message says what
     */
    static Pattern ignoringCase(String expression) {
        return compile(expression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** @throws IllegalArgumentException likewise */
    static Pattern exact(String expression) {
        return compile(expression, 0);
    }

    private static Pattern compile(String expression, int flags) {
        if (expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the expression is longer than " + MAX_LENGTH);
        }
        try {
            return Pattern.compile(toJava(expression), flags);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + expression + "' is no expression: " + e.getDescription() + " near " + e.getIndex(), e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("the expression nests too deeply", e);
        }
    }

    /**
     * The same for Java: within brackets an opening bracket and {@code &&} are plain there and have a meaning here, and classes
     * like {@code [:alpha:]} are written differently.
     */
    static String toJava(String expression) {
        StringBuilder java = new StringBuilder(expression.length() + 8);
        boolean inside = false;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\' && i + 1 < expression.length()) {
                java.append(c).append(expression.charAt(++i));
            } else if (!inside && c == '[') {
                inside = true;
                java.append(c);
                i = first(expression, i, java);
            } else if (inside && c == ']') {
                inside = false;
                java.append(c);
            } else if (inside && expression.startsWith("[:", i) && expression.indexOf(":]", i + 2) > 0) {
                int end = expression.indexOf(":]", i + 2);
                java.append(posix(expression.substring(i + 2, end)));
                i = end + 1;
            } else if (inside && (c == '[' || c == '&')) {
                java.append('\\').append(c);
            } else {
                java.append(c);
            }
        }
        return java.toString();
    }

    /** A closing bracket that comes first is plain. */
    private static int first(String expression, int open, StringBuilder java) {
        int at = open;
        if (expression.startsWith("^", at + 1)) {
            java.append('^');
            at++;
        }
        if (expression.startsWith("]", at + 1)) {
            java.append("\\]");
            at++;
        }
        return at;
    }

    private static String posix(String name) {
        boolean not = name.startsWith("^");
        String property = switch (not ? name.substring(1) : name) {
            case "alpha" -> "Alpha";
            case "digit" -> "Digit";
            case "alnum" -> "Alnum";
            case "upper" -> "Upper";
            case "lower" -> "Lower";
            case "punct" -> "Punct";
            case "xdigit" -> "XDigit";
            case "space" -> "Space";
            case "blank" -> "Blank";
            case "cntrl" -> "Cntrl";
            case "graph" -> "Graph";
            case "print" -> "Print";
            case "word" -> "";
            default -> throw new IllegalArgumentException("there is no class [:" + name + ":]");
        };
        if (property.isEmpty()) {
            return not ? "\\W" : "\\w";
        }
        return (not ? "\\P{" : "\\p{") + property + "}";
    }
}
