package dev.weft.kube;

import java.util.Optional;

/**
 * What happened to one object: created ({@code before} empty), changed, or deleted ({@code after} empty).
 *
 * @param <T> the values of the kind
 */
public record Change<T>(ObjectKey key, Optional<T> before, Optional<T> after) {}
