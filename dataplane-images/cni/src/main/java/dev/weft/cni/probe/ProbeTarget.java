package dev.weft.cni.probe;

import dev.weft.cni.routes.Path;
import dev.weft.cni.routes.Peer;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Another node's probe address in one family.
 *
 * @param node name of the node
 * @param address where it answers
 * @param path how packets get there
 */
record ProbeTarget(String node, Ip address, Path path) {
    /** Nodes that are probed, so that the cost for a node does not grow with the cluster. */
    static final int SAMPLE = 8;

    Family family() {
        return address.family();
    }

    /** What a node probes of all its peers: all families of the next {@value #SAMPLE} nodes on the ring. */
    static List<ProbeTarget> sample(String self, Collection<Peer> peers) {
        Set<String> chosen = new HashSet<>(
                ProbeRing.after(self, peers.stream().map(Peer::node).toList(), SAMPLE));
        List<ProbeTarget> targets = new ArrayList<>();
        for (Peer peer : peers) {
            if (chosen.contains(peer.node())) {
                targets.add(new ProbeTarget(peer.node(), peer.probeAddress(), peer.path()));
            }
        }
        return targets;
    }
}
