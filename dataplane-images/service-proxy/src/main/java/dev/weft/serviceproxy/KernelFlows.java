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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

    /** Flows that are remembered or wait: 10 MB. Of more, those remembered are found again, those that wait go at once. */
    private static final int MOST = 50_000;

    private final Conntrack conntrack;
    private final Rtnetlink routes;
    private final Executor beside;
    private final Executor later;
    /** Flows to endpoints that terminate. To look for them when these have left takes as long as the kernel's table is. */
    private final Set<Flow> leaving = new HashSet<>();

    private boolean closed;

    private KernelFlows(Netns netns, Executor beside, Executor later) {
        this.conntrack = Conntrack.openIn(netns);
        this.routes = Rtnetlink.openIn(netns);
        this.beside = beside;
        this.later = later;
    }

    static KernelFlows openIn(Netns netns) {
        return openIn(
                netns,
                CompletableFuture.delayedExecutor(0, TimeUnit.MILLISECONDS),
                CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS));
    }

    /**
     * @param beside runs what looks for flows to endpoints that terminate
     * @param later runs what deletes flows that may be answered yet
     */
    static KernelFlows openIn(Netns netns, Executor beside, Executor later) {
        return new KernelFlows(netns, beside, later);
    }

    @Override
    public int forget(Family family, Function<Set<Ip>, UdpFlows> rules) {
        UdpFlows stale = rules.apply(addresses());
        int[] forgotten = {conntrack.delete(left(stale))};
        List<Flow> waiting = new ArrayList<>();
        conntrack.forEach(family, UdpFlows.UDP, flows -> {
            List<Flow> now = new ArrayList<>();
            for (Flow flow : flows) {
                if (stale.isStale(flow)) {
                    boolean waits = UdpFlows.mayBeAnswered(flow) && waiting.size() < MOST;
                    (waits ? waiting : now).add(flow);
                }
            }
            forgotten[0] += conntrack.delete(now);
        });
        if (!waiting.isEmpty()) {
            later.execute(() -> forgetLater(waiting));
        }
        return forgotten[0] + waiting.size();
    }

    private List<Flow> left(UdpFlows stale) {
        synchronized (leaving) {
            List<Flow> left = leaving.stream().filter(stale::isStale).toList();
            left.forEach(leaving::remove);
            return left;
        }
    }

    @Override
    public void leaving(Family family, Set<Backend> endpoints) {
        beside.execute(() -> lookFor(family, endpoints));
    }

    private synchronized void lookFor(Family family, Set<Backend> endpoints) {
        if (closed) {
            return;
        }
        try {
            conntrack.forEach(family, UdpFlows.UDP, flows -> {
                synchronized (leaving) {
                    flows.stream()
                            // Those that asked the endpoint by its own address are never stale, and would stay here.
                            .filter(flow ->
                                    flow.isDnatted() && flow.answered() && endpoints.contains(UdpFlows.reached(flow)))
                            .limit(MOST - leaving.size())
                            .forEach(leaving::add);
                }
            });
        } catch (LinuxException e) {
            LOG.warn("flows to endpoints that terminate cannot be listed before they have left", e);
        }
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
