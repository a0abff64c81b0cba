/** {@code make demo}: Weft on a fresh cluster, step by step. */
@NullMarked
package dev.weft.e2e.demo;

import org.jspecify.annotations.NullMarked;
