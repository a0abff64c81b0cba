/** The programs a lab runs: Go modules built into a cache, and Debian packages. */
@NullMarked
package dev.weft.e2e.programs;

import org.jspecify.annotations.NullMarked;
