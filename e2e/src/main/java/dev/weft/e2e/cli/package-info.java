/** The command line of the lab. */
@NullMarked
package dev.weft.e2e.cli;

import org.jspecify.annotations.NullMarked;
