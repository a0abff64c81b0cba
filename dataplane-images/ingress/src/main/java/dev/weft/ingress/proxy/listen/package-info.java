/** Ports: sockets, first bytes, and which part of the proxy they are led to. */
@NullMarked
package dev.weft.ingress.proxy.listen;

import org.jspecify.annotations.NullMarked;
