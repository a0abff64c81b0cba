package dev.weft.operator.dns;

import java.util.ArrayList;
import java.util.List;

/** Words, quoted or not, with their lines; comments are left out. */
final class CorefileLexer {
    private final String text;
    private final List<Word> words = new ArrayList<>();
    private int at;
    private int line = 1;

    /**
     * @param line where it begins, from 1
     * @param quoted whether it was in quotes: a brace in quotes is none
     */
    record Word(String text, int line, boolean quoted) {
        boolean opens() {
            return !quoted && text.equals("{");
        }

        boolean closes() {
            return !quoted && text.equals("}");
        }
    }

    private CorefileLexer(String text) {
        this.text = text;
    }

    static List<Word> words(String text) throws CorefileException {
        CorefileLexer lexer = new CorefileLexer(text);
        lexer.read();
        return lexer.words;
    }

    private void read() throws CorefileException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (Character.isWhitespace(c) || c == '\uFEFF') {
                at++;
            } else if (c == '#') {
                skipComment();
            } else if (c == '"') {
                quoted();
            } else {
                plain();
            }
        }
    }

    private void skipComment() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private void quoted() throws CorefileException {
        int begun = line;
        StringBuilder word = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                words.add(new Word(word.toString(), begun, true));
                return;
            }
            boolean escapes = c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '"';
            if (escapes) {
                at++;
            } else if (c == '\n') {
                line++;
            }
            word.append(text.charAt(at));
        }
        throw new CorefileException("line " + begun + ": a quote that nothing closes");
    }

    private void plain() {
        int begun = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        words.add(new Word(text.substring(begun, at), line, false));
    }
}
