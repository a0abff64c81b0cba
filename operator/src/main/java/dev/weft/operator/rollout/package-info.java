/** Pure: which node moves next, when to stop, when to go on. */
@NullMarked
package dev.weft.operator.rollout;

import org.jspecify.annotations.NullMarked;
