/** Pure: conditions and components from plan and observation. */
@NullMarked
package dev.weft.operator.status;

import org.jspecify.annotations.NullMarked;
