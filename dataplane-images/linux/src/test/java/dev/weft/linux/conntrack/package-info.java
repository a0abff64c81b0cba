@NullMarked
package dev.weft.linux.conntrack;

import org.jspecify.annotations.NullMarked;
