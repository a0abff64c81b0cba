@NullMarked
package dev.weft.ingress.match;

import org.jspecify.annotations.NullMarked;
