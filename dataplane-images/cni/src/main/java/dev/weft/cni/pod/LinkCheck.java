package dev.weft.cni.pod;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a pod link with what the kernel has; answers what differs, for people. Pure. */
final class LinkCheck {
    private LinkCheck() {}

    /** The node's side. */
    static List<String> host(PodLink link, LinkTables tables) {
        Optional<LinkTables.Link> found = tables.link(link.hostLink());
        if (found.isEmpty()) {
            return List.of("interface " + link.hostLink() + " of the node is missing");
        }
        LinkTables.Link state = found.get();
        List<String> differences = new ArrayList<>();
        interfaceState(state, link.hostMac(), "of the node", differences);
        List<Ip> routed = tables.routedTo(state.index());
        for (Ip ip : link.ips()) {
            if (!routed.contains(ip)) {
                differences.add("route " + ip + " dev " + link.hostLink() + " was missing");
            }
            neighbour(tables, state, ip, link.podMac(), differences);
        }
        return differences;
    }

    /** The pod's side. */
    static List<String> pod(PodLink link, LinkTables tables) {
        Optional<LinkTables.Link> found = tables.link(link.ifname());
        if (found.isEmpty()) {
            return List.of("interface " + link.ifname() + " of the pod is missing");
        }
        LinkTables.Link state = found.get();
        List<String> differences = new ArrayList<>();
        interfaceState(state, link.podMac(), "of the pod", differences);
        for (Ip ip : link.ips()) {
            LinkTables.Address address =
                    new LinkTables.Address(state.index(), ip, ip.family().bits());
            if (!tables.addresses().contains(address)) {
                differences.add("address " + Cidr.host(ip) + " on " + link.ifname() + " was missing");
            }
            Ip gateway = PodLink.gateway(ip.family());
            LinkTables.Route route =
                    new LinkTables.Route(Cidr.containing(gateway, 0), state.index(), Optional.of(gateway));
            if (!tables.routes().contains(route)) {
                differences.add("default route via " + gateway + " dev " + link.ifname() + " was missing");
            }
            neighbour(tables, state, gateway, link.hostMac(), differences);
        }
        return differences;
    }

    private static void interfaceState(LinkTables.Link state, MacAddress mac, String whose, List<String> differences) {
        if (!state.up()) {
            differences.add("interface " + state.name() + " " + whose + " was down");
        }
        if (!state.mac().equals(Optional.of(mac))) {
            differences.add("interface " + state.name() + " " + whose + " had another MAC address than " + mac);
        }
    }

    private static void neighbour(
            LinkTables tables, LinkTables.Link state, Ip ip, MacAddress mac, List<String> differences) {
        if (!tables.neighbours().contains(new LinkTables.Neighbour(state.index(), ip, Optional.of(mac)))) {
            differences.add("neighbour " + ip + " dev " + state.name() + " was missing");
        }
    }
}
