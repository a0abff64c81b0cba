@NullMarked
package dev.weft.ingress.differential;

import org.jspecify.annotations.NullMarked;
