/** From objects of Gateway API to what the proxy does, to Services and to statuses: pure, and the same for equal objects. */
@NullMarked
package dev.weft.ingress.gateway;

import org.jspecify.annotations.NullMarked;
