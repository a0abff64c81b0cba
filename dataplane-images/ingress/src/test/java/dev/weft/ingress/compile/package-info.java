@NullMarked
package dev.weft.ingress.compile;

import org.jspecify.annotations.NullMarked;
