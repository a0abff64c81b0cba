/**
 * The API of Weft: {@link dev.weft.api.ClusterNetwork}, {@code weft.dev/v1alpha1}. The CRD's YAML is generated from
 * these records. A field is here only if it works.
 */
@NullMarked
package dev.weft.api;

import org.jspecify.annotations.NullMarked;
