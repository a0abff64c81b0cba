package dev.weft.cni.nat;

import dev.weft.net.Cidr;
import java.util.List;

/**
 * Which pod traffic takes the node's address.
 *
 * @param masquerade whether any does
 * @param podNetwork prefixes of all pods of the cluster: sources that are masqueraded, destinations that never are
 * @param except further destinations that see pod addresses
 */
public record NatPolicy(boolean masquerade, List<Cidr> podNetwork, List<Cidr> except) {
    /** No masquerade: until the configuration is known. */
    public static final NatPolicy NONE = new NatPolicy(false, List.of(), List.of());

    public NatPolicy {
        podNetwork = List.copyOf(podNetwork);
        except = List.copyOf(except);
    }
}
