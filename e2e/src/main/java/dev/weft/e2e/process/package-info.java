/** Running other programs. */
@NullMarked
package dev.weft.e2e.process;

import org.jspecify.annotations.NullMarked;
