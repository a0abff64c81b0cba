package dev.weft.operator.plan;

/**
 * Why nothing can be applied until a person acts.
 *
 * @param reason one word for programs
 * @param message what is wrong and what to do, for people
 */
public record Problem(String reason, String message) {}
