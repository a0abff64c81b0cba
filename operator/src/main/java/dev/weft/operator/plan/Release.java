package dev.weft.operator.plan;

/**
 * What this operator was built as.
 *
 * @param version its release, the default of {@code spec.version}
 * @param registry in front of image names unless {@code spec.images.registry} says otherwise
 */
public record Release(String version, String registry) {}
