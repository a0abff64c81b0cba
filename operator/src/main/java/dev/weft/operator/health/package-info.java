/** Liveness, readiness and start-up of the operator itself. */
@NullMarked
package dev.weft.operator.health;

import org.jspecify.annotations.NullMarked;
