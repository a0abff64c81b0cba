/** A request on its way: from its head to the last byte of the answer, through filters, tries and timeouts. */
@NullMarked
package dev.weft.ingress.proxy.exchange;

import org.jspecify.annotations.NullMarked;
