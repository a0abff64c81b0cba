package dev.weft.cni.routes;

import dev.weft.agent.Log;
import dev.weft.agent.SyncRequest;
import dev.weft.agent.SyncTask;
import dev.weft.config.NodeConfig;
import dev.weft.net.Ip;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes the kernel's routes those of the nodes. A full run compares with the kernel, others with what was reached last.
 * Nothing is ever flushed: a restarted agent takes over what it finds and changes what differs.
 */
public final class RouteSync implements SyncTask {
    private static final Log LOG = Log.of("routes");

    /** Told of what happens; on the thread of the loop. */
    public interface Listener {
        /** The kernel is as the plan says. */
        void reached(NodePlan plan, Uplink uplink) throws IOException;

        /** Somebody else had changed something of ours; it is back. */
        void repaired(List<String> what);

        /** The address that the API server knows of this node is on none of its interfaces. */
        default void addressGone() {}
    }

    private final NodeConfig config;
    private final String nodeName;
    private final Supplier<? extends Collection<NodeInfo>> nodes;
    private final Supplier<Learned> learned;
    private final KernelNetwork kernel;
    private final Listener listener;
    private Optional<NodeInfo> self = Optional.empty();
    private Optional<Uplink> uplink = Optional.empty();
    private volatile Optional<NodeState> applied = Optional.empty();

    public RouteSync(
            NodeConfig config,
            String nodeName,
            Supplier<? extends Collection<NodeInfo>> nodes,
            Supplier<Learned> learned,
            KernelNetwork kernel,
            Listener listener) {
        this.config = config;
        this.nodeName = nodeName;
        this.nodes = nodes;
        this.learned = learned;
        this.kernel = kernel;
        this.listener = listener;
    }

    /** What the kernel was brought to last; any thread. */
    public Optional<NodeState> applied() {
        return applied;
    }

    @Override
    public void sync(SyncRequest request) throws IOException {
        Collection<NodeInfo> all = nodes.get();
        // A Node that is gone from the API may come back; until then its pods run on.
        Optional<Ip> before = self.flatMap(NodeInfo::primaryIp);
        self = all.stream()
                .filter(node -> node.name().equals(nodeName))
                .findFirst()
                .or(() -> self);
        NodeInfo own = self.orElseThrow(() -> new NodeNetworkException(
                "Node " + nodeName + " is not known yet: the API server has not been read, or has no such Node", null));
        boolean moved = !own.primaryIp().equals(before);
        boolean full = request.full() || applied.isEmpty() || uplink.isEmpty() || moved;
        Uplink current = full ? findUplink(own) : uplink.orElseThrow();
        List<NodeInfo> others =
                all.stream().filter(node -> !node.name().equals(nodeName)).toList();
        NodePlan plan = NodeNetwork.desired(config, own, others, current, learned.get());
        NodeState found = full ? kernel.read(plan.state().sysctls().keySet()) : applied.orElseThrow();
        List<String> repairs = full
                ? applied.map(last -> StateDiff.repairs(found, last, plan.state()))
                        .orElse(List.of())
                : List.of();
        List<NetOp> ops = StateDiff.between(found, plan.state());
        kernel.apply(ops);
        applied = Optional.of(plan.state());
        uplink = Optional.of(current);
        if (!ops.isEmpty()) {
            LOG.info("applied", "changes", ops.size(), "peers", plan.peers().size(), "for", request.reasons());
            ops.forEach(op -> LOG.debug("change", "op", op));
        }
        listener.reached(plan, current);
        if (!repairs.isEmpty()) {
            listener.repaired(repairs);
        }
    }

    private Uplink findUplink(NodeInfo own) {
        Ip ip = own.primaryIp()
                .orElseThrow(() -> new NodeNetworkException(
                        "Node " + nodeName + " has no InternalIP in its status: its kubelet has not reported one",
                        null));
        Optional<Uplink> found = kernel.uplink(ip);
        if (found.isEmpty()) {
            listener.addressGone();
        }
        return found.orElseThrow(() -> new NodeNetworkException(
                "no interface of this node holds its InternalIP " + ip
                        + ": give the kubelet the right --node-ip, or the interface its address",
                null));
    }
}
