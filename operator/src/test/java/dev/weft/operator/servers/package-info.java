@NullMarked
package dev.weft.operator.servers;

import org.jspecify.annotations.NullMarked;
