/** What a lab can install for comparison or as a stand-in: kube-proxy, CoreDNS and other pod networks. */
@NullMarked
package dev.weft.e2e.peers;

import org.jspecify.annotations.NullMarked;
