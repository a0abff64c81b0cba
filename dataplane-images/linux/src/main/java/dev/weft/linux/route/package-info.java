/**
 * rtnetlink (rtnetlink(7)) as values: links, addresses, routes, neighbours, forwarding entries, queueing disciplines.
 * Encoding and decoding are pure; {@link dev.weft.linux.route.Rtnetlink} does the talking.
 */
@NullMarked
package dev.weft.linux.route;

import org.jspecify.annotations.NullMarked;
