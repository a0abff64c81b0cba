package dev.weft.agent;

import java.util.Locale;

/** How much a log line matters, in rising order. */
public enum LogLevel {
    DEBUG,
    INFO,
    WARN,
    ERROR;

    /** The level of this name in any case; {@link #INFO} for a name that is none. */
    static LogLevel of(String name) {
        for (LogLevel level : values()) {
            if (level.name().equals(name.trim().toUpperCase(Locale.ROOT))) {
                return level;
            }
        }
        return INFO;
    }
}
