/** Heads of messages, whatever version of HTTP they came by. */
@NullMarked
package dev.weft.ingress.proxy.http;

import org.jspecify.annotations.NullMarked;
