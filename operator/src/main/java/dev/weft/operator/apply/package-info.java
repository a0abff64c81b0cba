/** Server-side apply and pruning: the only writer of objects. */
@NullMarked
package dev.weft.operator.apply;

import org.jspecify.annotations.NullMarked;
