/**
 * What one of the proxies, the leader, writes to the cluster: statuses, the Services of Gateways, Events. What is written is
 * found by pure comparison of what should be with what is, so that nothing is written when nothing changed.
 */
@NullMarked
package dev.weft.ingress.control;

import org.jspecify.annotations.NullMarked;
