package dev.weft.agent;

import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Sends what the JDK and libraries log through {@link System.Logger} to {@link Log}, one line each. */
public final class WeftLoggerFinder extends System.LoggerFinder {

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Bridge(name, Log.of(name));
    }

    private record Bridge(String name, Log log) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return switch (level) {
                case ALL, TRACE, OFF -> false;
                // What libraries call information is detail to the people who run a node.
                case DEBUG, INFO -> log.isDebug();
                case WARNING -> log.isOn(LogLevel.WARN);
                case ERROR -> log.isOn(LogLevel.ERROR);
            };
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
            if (!isLoggable(level)) {
                return;
            }
            String text = translated(bundle, message);
            switch (level) {
                case ERROR -> {
                    if (thrown == null) {
                        log.error(text);
                    } else {
                        log.error(text, thrown);
                    }
                }
                case WARNING -> {
                    if (thrown == null) {
                        log.warn(text);
                    } else {
                        log.warn(text, thrown);
                    }
                }
                case ALL, TRACE, DEBUG, INFO, OFF -> log.debug(text);
            }
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... parameters) {
            if (isLoggable(level)) {
                log(level, (ResourceBundle) null, formatted(translated(bundle, format), parameters), (Throwable) null);
            }
        }

        private static String translated(@Nullable ResourceBundle bundle, String key) {
            try {
                return bundle == null ? key : bundle.getString(key);
            } catch (MissingResourceException | ClassCastException e) {
                return key;
            }
        }

        private static String formatted(String format, @Nullable Object... parameters) {
            try {
                return parameters.length == 0 ? format : MessageFormat.format(format, parameters);
            } catch (IllegalArgumentException e) {
                return format;
            }
        }
    }
}
