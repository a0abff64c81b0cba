package dev.weft.e2e.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a lab is to be.
 *
 * @param name its name
 * @param nodes how many nodes, 1 to {@value NodeName#MAX}
 * @param peers what to install in it beside Kubernetes
 * @param archives OCI archives to import into every node, also into those added later
 */
public record LabSpec(LabName name, int nodes, Set<Peer> peers, List<Path> archives) {
    public LabSpec {
        if (nodes < 1 || nodes > NodeName.MAX) {
            throw new IllegalArgumentException("a lab has 1 to " + NodeName.MAX + " nodes, not " + nodes);
        }
        peers = Set.copyOf(peers);
        archives = List.copyOf(archives);
        Peer.checkCompatible(peers);
    }

    /** A lab with no peers and no images beside the lab's own. */
    public static LabSpec of(LabName name, int nodes) {
        return new LabSpec(name, nodes, Set.of(), List.of());
    }
}
