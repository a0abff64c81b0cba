@NullMarked
package dev.weft.operator.plan;

import org.jspecify.annotations.NullMarked;
