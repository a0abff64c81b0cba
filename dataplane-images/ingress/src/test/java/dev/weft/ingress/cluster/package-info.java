@NullMarked
package dev.weft.ingress.cluster;

import org.jspecify.annotations.NullMarked;
