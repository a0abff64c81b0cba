/** TLS on both sides: contexts, server names, who is trusted. */
@NullMarked
package dev.weft.ingress.proxy.tls;

import org.jspecify.annotations.NullMarked;
