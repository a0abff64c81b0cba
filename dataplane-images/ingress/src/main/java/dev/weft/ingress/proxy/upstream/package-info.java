/** Endpoints: who is asked next, connections to them, and how they fared. */
@NullMarked
package dev.weft.ingress.proxy.upstream;

import org.jspecify.annotations.NullMarked;
