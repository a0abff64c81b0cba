/** Kubernetes' own end-to-end tests, unmodified, on a fresh lab. */
@NullMarked
package dev.weft.e2e.upstream;

import org.jspecify.annotations.NullMarked;
