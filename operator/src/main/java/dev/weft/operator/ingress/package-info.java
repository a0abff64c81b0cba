/** Pure: whether there are ingress proxies, what they are told, and their objects. */
@NullMarked
package dev.weft.operator.ingress;

import org.jspecify.annotations.NullMarked;
