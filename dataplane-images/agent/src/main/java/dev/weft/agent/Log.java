package dev.weft.agent;

import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;

/**
 * A log of one line an event, on standard error, as {@code kubectl logs} shows it:
 *
 * <pre>2026-01-01T12:00:00.123Z INFO  routes: applied added=2 removed=0 took=3ms</pre>
 *
 * The level is {@code WEFT_LOG_LEVEL} (debug, info, warn, error; info when unset or unknown). What the JDK logs through
 * {@link System.Logger} comes out the same way. Never pass a secret: nothing here can know one.
 */
public final class Log {
    private static final LogLevel LEVEL =
            LogLevel.of(Optional.ofNullable(System.getenv("WEFT_LOG_LEVEL")).orElse("info"));

    private final String component;
    private final LogLevel level;
    private final PrintStream out;

    private Log(String component, LogLevel level, PrintStream out) {
        this.component = component;
        this.level = level;
        this.out = out;
    }

    /** The log of a component; short and lower case, such as {@code routes} or {@code kube}. */
    public static Log of(String component) {
        return new Log(component, LEVEL, System.err);
    }

    static Log of(String component, LogLevel level, PrintStream out) {
        return new Log(component, level, out);
    }

    public boolean isDebug() {
        return isOn(LogLevel.DEBUG);
    }

    /** See {@link #info}; off unless {@code WEFT_LOG_LEVEL=debug}. */
    public void debug(String message, Object... keysAndValues) {
        log(LogLevel.DEBUG, message, keysAndValues);
    }

    /**
     * @param message what happened, constant text
     * @param keysAndValues details: key, value, key, value…
     */
    public void info(String message, Object... keysAndValues) {
        log(LogLevel.INFO, message, keysAndValues);
    }

    /** Something that heals itself or needs a look. See {@link #info}. */
    public void warn(String message, Object... keysAndValues) {
        log(LogLevel.WARN, message, keysAndValues);
    }

    /** See {@link #warn(String, Object...)}; the failure's chain of messages follows, its stack only at debug. */
    public void warn(String message, Throwable failure, Object... keysAndValues) {
        log(LogLevel.WARN, message, failure, keysAndValues);
    }

    /** Something that does not work and will not by itself. See {@link #info}. */
    public void error(String message, Object... keysAndValues) {
        log(LogLevel.ERROR, message, keysAndValues);
    }

    /** See {@link #error(String, Object...)}; the failure's stack follows on lines of its own. */
    public void error(String message, Throwable failure, Object... keysAndValues) {
        log(LogLevel.ERROR, message, failure, keysAndValues);
    }

    boolean isOn(LogLevel wanted) {
        return wanted.compareTo(level) >= 0;
    }

    private void log(LogLevel at, String message, Object... keysAndValues) {
        if (isOn(at)) {
            out.println(LogLine.format(Instant.now(), at, component, message, keysAndValues));
        }
    }

    private void log(LogLevel at, String message, Throwable failure, Object... keysAndValues) {
        if (isOn(at)) {
            StringBuilder text =
                    new StringBuilder(LogLine.format(Instant.now(), at, component, message, keysAndValues));
            LogLine.pair(text, "cause", LogLine.chain(failure));
            if (at == LogLevel.ERROR || isDebug()) {
                LogLine.stack(text, failure);
            }
            // One call, so that lines of several threads do not mix.
            out.println(text);
        }
    }
}
