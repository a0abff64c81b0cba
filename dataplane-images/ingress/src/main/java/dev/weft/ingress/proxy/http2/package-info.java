/** HTTP/2 on both sides. */
@NullMarked
package dev.weft.ingress.proxy.http2;

import org.jspecify.annotations.NullMarked;
