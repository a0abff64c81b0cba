/** Asks the node agents how they are. */
@NullMarked
package dev.weft.operator.agents;

import org.jspecify.annotations.NullMarked;
