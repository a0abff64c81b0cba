/** HTTP/1.1 on both sides: parsing, framing, connections. */
@NullMarked
package dev.weft.ingress.proxy.http1;

import org.jspecify.annotations.NullMarked;
