package dev.weft.agent;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;

/** The text of a log line. Whatever the values hold, a line stays one line. */
final class LogLine {
    private LogLine() {}

    static String format(Instant at, LogLevel level, String component, String message, Object... keysAndValues) {
        StringBuilder line = new StringBuilder(120);
        time(line, at);
        line.append(' ').append(level.name());
        line.append(level.name().length() == 4 ? "  " : " ");
        line.append(component).append(": ");
        escape(line, message);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            // An odd number is a slip of the caller; a log line is no place to fail.
            Object value = i + 1 < keysAndValues.length ? keysAndValues[i + 1] : "";
            pair(line, String.valueOf(keysAndValues[i]), String.valueOf(value));
        }
        return line.toString();
    }

    static void pair(StringBuilder line, String key, String value) {
        line.append(' ').append(key).append('=');
        boolean quoted = value.isEmpty()
                || value.chars().anyMatch(c -> c == ' ' || c == '"' || c == '=' || Character.isISOControl(c));
        if (!quoted) {
            line.append(value);
            return;
        }
        line.append('"');
        escape(line, value.replace("\\", "\\\\").replace("\"", "\\\""));
        line.append('"');
    }

    /** The messages of a failure and its causes. */
    static String chain(Throwable failure) {
        StringBuilder text = new StringBuilder(describe(failure));
        Set<Throwable> seen = new HashSet<>(Set.of(failure));
        Throwable cause = failure.getCause();
        while (cause != null && seen.add(cause)) {
            String said = describe(cause);
            if (text.indexOf(said) < 0) {
                text.append(": ").append(said);
            }
            cause = cause.getCause();
        }
        return text.toString();
    }

    static void stack(StringBuilder line, Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        line.append('\n').append(text.toString().stripTrailing());
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        String name = failure.getClass().getSimpleName();
        return message == null || message.isBlank() ? name : name + ": " + message;
    }

    private static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> line.append(Character.isISOControl(c) ? '?' : c);
            }
        }
    }

    /** ISO 8601 with always three digits of milliseconds, so that columns line up. */
    private static void time(StringBuilder line, Instant at) {
        String seconds = at.truncatedTo(ChronoUnit.SECONDS).toString();
        String millis = Long.toString(1000 + Math.floorMod(at.toEpochMilli(), 1000));
        line.append(seconds, 0, seconds.length() - 1)
                .append('.')
                .append(millis, 1, 4)
                .append('Z');
    }
}
