@NullMarked
package dev.weft.operator.status;

import org.jspecify.annotations.NullMarked;
