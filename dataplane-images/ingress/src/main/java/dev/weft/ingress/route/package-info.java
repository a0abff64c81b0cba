/**
 * All that the proxy does at one moment, as immutable values: compiled from Kubernetes objects, carried out by the proxy.
 * Neither Kubernetes nor Netty is known here.
 */
@NullMarked
package dev.weft.ingress.route;

import org.jspecify.annotations.NullMarked;
