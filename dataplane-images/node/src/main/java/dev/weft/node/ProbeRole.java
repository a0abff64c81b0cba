package dev.weft.node;

import dev.weft.agent.Check;
import dev.weft.agent.TimeSource;
import dev.weft.cni.pod.PodLinks;
import dev.weft.cni.probe.ProbeEndpoint;
import dev.weft.cni.probe.Prober;
import dev.weft.cni.routes.Learned;
import dev.weft.cni.routes.NodePlan;
import dev.weft.config.NodeConfig;
import dev.weft.config.NodeStatus;
import dev.weft.net.Cidr;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Keeps a probe endpoint that fits the plan. Changes come from one thread, questions from any. */
final class ProbeRole implements AutoCloseable {
    private final String node;
    private final NodeConfig config;
    private final PodLinks links;
    private final TimeSource time;
    private final Supplier<Learned> known;
    private final Consumer<Learned> learned;
    private volatile Optional<ProbeEndpoint> endpoint = Optional.empty();
    private List<Cidr> podCidrs = List.of();
    private int podMtu;

    ProbeRole(
            String node,
            NodeConfig config,
            PodLinks links,
            TimeSource time,
            Supplier<Learned> known,
            Consumer<Learned> learned) {
        this.node = node;
        this.config = config;
        this.links = links;
        this.time = time;
        this.known = known;
        this.learned = learned;
    }

    /** Makes the endpoint anew if its addresses or MTU have changed, and takes the peers. */
    void follow(NodePlan plan) throws IOException {
        boolean other = !plan.podCidrs().equals(podCidrs) || plan.podMtu() != podMtu;
        if (other || endpoint.isEmpty()) {
            close();
            podCidrs = plan.podCidrs();
            podMtu = plan.podMtu();
            if (!podCidrs.isEmpty()) {
                endpoint = Optional.of(ProbeEndpoint.start(
                        node, podCidrs, config.podCidrs(), podMtu, links, time, known.get(), learned));
            }
        }
        endpoint.ifPresent(now -> now.prober().peers(plan.peers()));
    }

    Optional<Prober> prober() {
        return endpoint.map(ProbeEndpoint::prober);
    }

    List<NodeStatus.Probe> results() {
        return prober().map(Prober::results).orElse(List.of());
    }

    Check liveness() {
        return prober().map(now -> now.heartbeat().check()).orElse(Check.good());
    }

    @Override
    public void close() {
        endpoint.ifPresent(ProbeEndpoint::close);
        endpoint = Optional.empty();
    }
}
