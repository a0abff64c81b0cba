@NullMarked
package dev.weft.operator.rollout;

import org.jspecify.annotations.NullMarked;
