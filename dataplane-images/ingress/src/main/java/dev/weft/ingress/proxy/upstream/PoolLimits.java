package dev.weft.ingress.proxy.upstream;

/**
 * How connections and endpoints are treated.
 *
 * @param size connections without a request that are kept to one endpoint, by each loop
 * @param idleNanos how long they are kept
 * @param slowStartNanos over how long an endpoint that joins others comes to its full share
 */
public record PoolLimits(int size, long idleNanos, long slowStartNanos) {}
