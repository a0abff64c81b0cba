@NullMarked
package dev.weft.ingress.control;

import org.jspecify.annotations.NullMarked;
