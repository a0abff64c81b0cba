@NullMarked
package dev.weft.ingress.nginx;

import org.jspecify.annotations.NullMarked;
