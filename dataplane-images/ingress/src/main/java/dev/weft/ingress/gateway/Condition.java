package dev.weft.ingress.gateway;

import java.util.Set;

/**
 * A condition of a status, before it is known since when it holds.
 *
 * @param reason one word in CamelCase
 * @param message a sentence for people; may be empty
 */
public record Condition(String type, boolean status, String reason, String message) {
    /** All that are ever written: of those of somebody else nothing is changed or taken away. */
    public static final Set<String> TYPES = Set.of(
            "Accepted",
            "Programmed",
            "ResolvedRefs",
            "Conflicted",
            "OverlappingTLSConfig",
            "InsecureFrontendValidationMode",
            "PartiallyInvalid");

    static Condition yes(String type) {
        return new Condition(type, true, type, "");
    }

    static Condition no(String type, String reason, String message) {
        return new Condition(type, false, reason, message);
    }
}
