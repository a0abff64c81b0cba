package dev.weft.networkpolicy;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.Optional;

/**
 * Traffic to or from some peers at some ports.
 *
 * @param ports where it goes to; if the group of pods has a named port, all of its protocol
 * @param everyone whether the peer does not matter
 * @param pods peers that are pods or nodes
 * @param ipv4 peers by address
 * @param ipv6 likewise
 */
record Match(PortRange ports, boolean everyone, Optional<PodGroup> pods, Addresses ipv4, Addresses ipv6) {
    static Match of(PortRange ports, Peers peers) {
        return new Match(
                ports,
                peers.everyone(),
                peers.pods().isEmpty() && peers.nodes().isEmpty() ? Optional.empty() : Optional.of(PodGroup.of(peers)),
                peers.ipv4(),
                peers.ipv6());
    }

    /** To pods by the name that the port has in each of them. */
    static Match of(NamedPort port, PodGroup pods) {
        return new Match(
                PortRange.all(port.protocol()),
                false,
                Optional.of(pods),
                Addresses.none(Family.IPV4),
                Addresses.none(Family.IPV6));
    }

    boolean matches(Ip peer, int protocol, int port, Profile.Members members) {
        return ports.contains(protocol, port)
                && (everyone
                        || addresses(peer.family()).contains(peer)
                        || pods.filter(group -> members.has(group, peer, port)).isPresent());
    }

    Addresses addresses(Family family) {
        return family == Family.IPV4 ? ipv4 : ipv6;
    }
}
