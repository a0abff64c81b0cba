@NullMarked
package dev.weft.dns;

import org.jspecify.annotations.NullMarked;
