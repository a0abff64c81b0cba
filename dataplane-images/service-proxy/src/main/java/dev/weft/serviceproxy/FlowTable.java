package dev.weft.serviceproxy;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.Set;
import java.util.function.Function;

/** The kernel's memory of connections, as far as it is ours to correct. */
@FunctionalInterface
interface FlowTable {
    /**
     * Deletes stale flows.
     *
     * @param rules which are stale, given the addresses of the node
     * @return how many were deleted
     * @throws dev.weft.linux.LinuxException if they cannot be listed or deleted
     */
    int forget(Family family, Function<Set<Ip>, UdpFlows> rules);

    /**
     * Hears of endpoints that have begun to terminate and serve on for now, so that flows to them are at hand when they are
     * to be deleted. Returns at once.
     */
    default void leaving(Family family, Set<Backend> endpoints) {}
}
