package dev.weft.cni.pod;

import dev.weft.linux.route.Address;
import dev.weft.linux.route.Link;
import dev.weft.linux.route.Neighbour;
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
        Optional<Link> found = tables.link(link.hostLink());
        if (found.isEmpty()) {
            return List.of("interface " + link.hostLink() + " of the node is missing");
        }
        Link state = found.get();
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
        Optional<Link> found = tables.link(link.ifname());
        if (found.isEmpty()) {
            return List.of("interface " + link.ifname() + " of the pod is missing");
        }
        Link state = found.get();
        List<String> differences = new ArrayList<>();
        interfaceState(state, link.podMac(), "of the pod", differences);
        for (Ip ip : link.ips()) {
            if (tables.addresses().stream().noneMatch(address -> holds(address, state, ip))) {
                differences.add("address " + Cidr.host(ip) + " on " + link.ifname() + " was missing");
            }
            Ip gateway = PodLink.gateway(ip.family());
            if (!tables.routes().contains(PodLink.defaultRoute(ip.family(), state.index()))) {
                differences.add("default route via " + gateway + " dev " + link.ifname() + " was missing");
            }
            neighbour(tables, state, gateway, link.hostMac(), differences);
        }
        return differences;
    }

    private static boolean holds(Address address, Link link, Ip ip) {
        return address.link() == link.index()
                && address.ip().equals(ip)
                && address.prefixLength() == ip.family().bits();
    }

    private static void interfaceState(Link state, MacAddress mac, String whose, List<String> differences) {
        if (!state.up()) {
            differences.add("interface " + state.name() + " " + whose + " was down");
        }
        if (!state.mac().equals(Optional.of(mac))) {
            differences.add("interface " + state.name() + " " + whose + " had another MAC address than " + mac);
        }
    }

    private static void neighbour(LinkTables tables, Link state, Ip ip, MacAddress mac, List<String> differences) {
        if (!tables.neighbours().contains(Neighbour.permanent(state.index(), ip, mac))) {
            differences.add("neighbour " + ip + " dev " + state.name() + " was missing");
        }
    }
}
