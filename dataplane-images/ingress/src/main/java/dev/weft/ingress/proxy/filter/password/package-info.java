/** Hashes of passwords as htpasswd files have them. Pure. */
@NullMarked
package dev.weft.ingress.proxy.filter.password;

import org.jspecify.annotations.NullMarked;
