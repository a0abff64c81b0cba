/** Compiles Ingresses (networking.k8s.io/v1) with the annotations and the habits of ingress-nginx. Pure. */
@NullMarked
package dev.weft.ingress.nginx;

import org.jspecify.annotations.NullMarked;
