/** Pure: from the spec and what was observed to the objects that should be there. */
@NullMarked
package dev.weft.operator.plan;

import org.jspecify.annotations.NullMarked;
