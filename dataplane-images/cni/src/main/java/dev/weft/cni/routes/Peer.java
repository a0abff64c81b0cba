package dev.weft.cni.routes;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;

/**
 * The pods of another node in one family.
 *
 * @param node name of the node
 * @param podCidr its pods' prefix
 * @param path how packets get there
 */
public record Peer(String node, Cidr podCidr, Path path) {
    public Family family() {
        return podCidr.family();
    }

    /** Where the node answers probes: the second address of its prefix, which no pod is given. */
    public Ip probeAddress() {
        return podCidr.network().plus(1);
    }
}
