/** Asks the node agents and the DNS servers how they are. */
@NullMarked
package dev.weft.operator.agents;

import org.jspecify.annotations.NullMarked;
