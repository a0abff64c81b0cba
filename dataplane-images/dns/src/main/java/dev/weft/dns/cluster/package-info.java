/** Services, EndpointSlices, Namespaces and Pods, as far as DNS is concerned. */
@NullMarked
package dev.weft.dns.cluster;

import org.jspecify.annotations.NullMarked;
