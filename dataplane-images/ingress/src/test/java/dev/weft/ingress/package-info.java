@NullMarked
package dev.weft.ingress;

import org.jspecify.annotations.NullMarked;
