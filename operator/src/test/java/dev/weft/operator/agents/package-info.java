@NullMarked
package dev.weft.operator.agents;

import org.jspecify.annotations.NullMarked;
