/** Bytes and datagrams that are passed on as they are. */
@NullMarked
package dev.weft.ingress.proxy.stream;

import org.jspecify.annotations.NullMarked;
