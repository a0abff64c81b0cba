@NullMarked
package dev.weft.operator.handover;

import org.jspecify.annotations.NullMarked;
