@NullMarked
package dev.weft.operator.dns;

import org.jspecify.annotations.NullMarked;
