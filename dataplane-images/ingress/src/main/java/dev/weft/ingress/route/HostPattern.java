package dev.weft.ingress.route;

import java.util.Locale;

/**
 * A host name, a name with a wildcard as its first label, or any.
 *
 * @param name lower case, without the wildcard label and a final dot; empty for any host
 * @param kind how many labels may stand before the name
 */
public record HostPattern(String name, Kind kind) {
    /** Fits every host, and what names none. */
    public static final HostPattern ANY = new HostPattern("", Kind.ANY);

    /** How a host is compared with a name. */
    public enum Kind {
        /** It is the name. */
        EXACT,
        /** One label and the name, as in Ingress ("*.example.org" does not fit "a.b.example.org"). */
        ONE_LABEL,
        /** One label or more and the name, as in Gateway API. */
        LABELS,
        ANY
    }

    public HostPattern {
        name = name.toLowerCase(Locale.ROOT);
        if (name.isEmpty() != (kind == Kind.ANY)) {
            throw new IllegalArgumentException("any host has no name, every other pattern has one: " + name);
        }
    }

    /**
     * Reads a host as an Ingress, a Listener or a route has it.
     *
     * @param text may begin with {@code *.}; empty or {@code *} for any host
     * @param wildcard {@link Kind#ONE_LABEL} or {@link Kind#LABELS}
     */
    public static HostPattern of(String text, Kind wildcard) {
        if (text.isEmpty() || text.equals("*")) {
            return ANY;
        }
        return text.startsWith("*.") ? new HostPattern(text.substring(2), wildcard) : new HostPattern(text, Kind.EXACT);
    }

    /** @param host lower case, without port and final dot; may be empty */
    public boolean matches(String host) {
        return switch (kind) {
            case EXACT -> host.equals(name);
            case LABELS -> isBelow(host);
            case ONE_LABEL -> isBelow(host) && host.indexOf('.') == host.length() - name.length() - 1;
            case ANY -> true;
        };
    }

    private boolean isBelow(String host) {
        int dot = host.length() - name.length() - 1;
        return dot > 0 && host.charAt(dot) == '.' && host.endsWith(name);
    }

    /** Greater for what comes first when several fit: exact before wildcard, longer before shorter. */
    public int specificity() {
        return switch (kind) {
            case EXACT -> 1000;
            case ONE_LABEL, LABELS -> Math.min(name.length(), 998) + 1;
            case ANY -> 0;
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case EXACT -> name;
            case ONE_LABEL, LABELS -> "*." + name;
            case ANY -> "*";
        };
    }
}
