@NullMarked
package dev.weft.ingress.gateway;

import org.jspecify.annotations.NullMarked;
