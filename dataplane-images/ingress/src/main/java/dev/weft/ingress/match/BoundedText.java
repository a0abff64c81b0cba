package dev.weft.ingress.match;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that a regular expression may look at so often and no more. Users write the expressions and clients the texts; one
 * that backtracks for ever would stop an event loop with all its connections.
 */
public final class BoundedText implements CharSequence {
    /** Some milliseconds. PCRE's own limit, which nginx has, is ten million steps. */
    private static final int LOOKS = 500_000;

    private final String text;
    private final int[] left;

    public BoundedText(String text) {
        this(text, new int[] {LOOKS});
    }

    private BoundedText(String text, int[] left) {
        this.text = text;
        this.left = left;
    }

    /** The expression looked too often. */
    public static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ExhaustedException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Whether a pattern is found.
     *
     * @throws ExhaustedException if that is too hard to say
     */
    static boolean find(Pattern pattern, String text) {
        return find(pattern.matcher(new BoundedText(text)));
    }

    static boolean find(Matcher matcher) {
        try {
            return matcher.find();
        } catch (StackOverflowError e) {
            // Java's expressions recurse over repeated groups, once a repetition.
            throw new ExhaustedException("the expression " + matcher.pattern() + " nests too deeply over this text");
        }
    }

    @Override
    public char charAt(int index) {
        if (--left[0] < 0) {
            throw new ExhaustedException("the expression looked " + LOOKS + " times at a text of " + text.length());
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(text.substring(start, end), left);
    }

    @Override
    public String toString() {
        return text;
    }
}
