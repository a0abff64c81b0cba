package dev.weft.e2e.peers;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Node;
import java.nio.file.Path;
import java.util.List;

/** Installs one peer in a lab. */
public interface Installer {
    /** Gets what the peer needs of the host, before the lab starts. */
    default void prepare() {}

    /** The images that its pods run, as OCI archives. */
    default List<Path> images() {
        return List.of();
    }

    /** Installs the part that runs on a node, which is registered. */
    void onNode(Lab lab, Node node);

    /** Installs the part that the cluster has once. */
    void onCluster(Lab lab);
}
