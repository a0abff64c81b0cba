package dev.weft.serviceproxy;

import dev.weft.agent.Log;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.linux.conntrack.Conntrack;
import dev.weft.linux.conntrack.Flow;
import dev.weft.linux.route.Address;
import dev.weft.linux.route.Rtnetlink;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Connection tracking of the node. One thread; what is done later is done by another. */
final class KernelFlows implements FlowTable, AutoCloseable {
    private static final Log LOG = Log.of("service-proxy");

    /**
     * For an endpoint that has just been taken off to answer what it was asked before: 1 ms for a DNS server that knows the
     * answer, hundreds for one that asks others, or on a busy node. Resolvers ask again after seconds.
     */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Conntrack conntrack;
    private final Rtnetlink routes;
    private final Executor later;
    private boolean closed;

    private KernelFlows(Conntrack conntrack, Rtnetlink routes, Executor later) {
        this.conntrack = conntrack;
        this.routes = routes;
        this.later = later;
    }

    static KernelFlows openIn(Netns netns) {
        return openIn(netns, CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** @param later runs what deletes flows that may be answered yet */
    static KernelFlows openIn(Netns netns, Executor later) {
        return new KernelFlows(Conntrack.openIn(netns), Rtnetlink.openIn(netns), later);
    }

    @Override
    public int forget(Family family, Function<Set<Ip>, UdpFlows> rules) {
        UdpFlows stale = rules.apply(addresses());
        Map<Boolean, List<Flow>> flows = conntrack.flows(family, UdpFlows.UDP, stale::isStale).stream()
                .collect(Collectors.partitioningBy(UdpFlows::mayBeAnswered));
        List<Flow> waiting = flows.getOrDefault(true, List.of());
        if (!waiting.isEmpty()) {
            later.execute(() -> forgetLater(waiting));
        }
        return conntrack.delete(flows.getOrDefault(false, List.of())) + waiting.size();
    }

    /** What is left when the role closes, the next process finds. */
    private synchronized void forgetLater(List<Flow> flows) {
        if (closed) {
            return;
        }
        try {
            conntrack.delete(flows);
        } catch (LinuxException e) {
            LOG.warn("conntrack entries cannot be cleaned before the next resync", e);
        }
    }

    /**
     * The addresses of the node.
     *
     * @throws dev.weft.linux.LinuxException if they cannot be listed
     */
    Set<Ip> addresses() {
        return routes.addresses().stream().map(Address::ip).collect(Collectors.toSet());
    }

    @Override
    public synchronized void close() {
        closed = true;
        conntrack.close();
        routes.close();
    }
}
