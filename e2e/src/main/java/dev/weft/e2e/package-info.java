/** Labs with what is installed in them, as the command line, the end-to-end tests and the benchmarks use them. */
@NullMarked
package dev.weft.e2e;

import org.jspecify.annotations.NullMarked;
