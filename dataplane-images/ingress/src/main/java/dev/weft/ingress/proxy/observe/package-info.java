/** What is told of requests: metrics and the access log. */
@NullMarked
package dev.weft.ingress.proxy.observe;

import org.jspecify.annotations.NullMarked;
