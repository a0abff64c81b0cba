/**
 * Finds the rule of a request among many: immutable tables by host, exact path, prefix of path elements and regular
 * expression. Who comes first is decided by the compilers, by the order in which they give the routes.
 */
@NullMarked
package dev.weft.ingress.match;

import org.jspecify.annotations.NullMarked;
