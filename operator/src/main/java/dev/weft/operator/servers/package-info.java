/** Pure: what DNS servers and ingress proxies have in common: their revisions, how these are rolled over, their objects. */
@NullMarked
package dev.weft.operator.servers;

import org.jspecify.annotations.NullMarked;
