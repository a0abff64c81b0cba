/** Services as a node serves them: Services and EndpointSlices in, two nftables tables out. See the module's README. */
@NullMarked
package dev.weft.serviceproxy;

import org.jspecify.annotations.NullMarked;
