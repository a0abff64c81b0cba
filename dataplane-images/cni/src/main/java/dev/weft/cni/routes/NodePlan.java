package dev.weft.cni.routes;

import dev.weft.net.Cidr;
import java.util.List;

/**
 * The outcome of {@link NodeNetwork#desired}.
 *
 * @param state what the kernel must hold
 * @param podCidrs prefixes of this node's own pods
 * @param podMtu MTU in bytes of pod links made from now on
 * @param peers other nodes' pods that have a route
 * @param problems what is wrong, nodes' names in order
 */
public record NodePlan(NodeState state, List<Cidr> podCidrs, int podMtu, List<Peer> peers, List<Problem> problems) {
    public NodePlan {
        podCidrs = List.copyOf(podCidrs);
        peers = List.copyOf(peers);
        problems = List.copyOf(problems);
    }
}
