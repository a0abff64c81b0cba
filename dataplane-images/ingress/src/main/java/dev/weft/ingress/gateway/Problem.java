package dev.weft.ingress.gateway;

/**
 * Why something is not as it was asked for.
 *
 * @param reason of a condition
 * @param message for people
 */
record Problem(String reason, String message) {
    Condition as(String type) {
        return Condition.no(type, reason, message);
    }
}
