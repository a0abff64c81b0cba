/** Weft itself in a lab: the release that the build wrote, and what a user does with it. */
@NullMarked
package dev.weft.e2e.weft;

import org.jspecify.annotations.NullMarked;
