/** Benchmarks: Weft and its peers in one run, a table for people and JSON for programs. */
@NullMarked
package dev.weft.e2e.bench;

import org.jspecify.annotations.NullMarked;
