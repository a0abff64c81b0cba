/**
 * Carries out a {@link dev.weft.ingress.route.Routing}: an event loop a core, each with its own sockets, connections to
 * backends and pools. Nothing of Kubernetes is known here.
 */
@NullMarked
package dev.weft.ingress.proxy;

import org.jspecify.annotations.NullMarked;
