@NullMarked
package dev.weft.networkpolicy;

import org.jspecify.annotations.NullMarked;
