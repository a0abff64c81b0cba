package dev.weft.cni.pod;

import dev.weft.linux.route.Address;
import dev.weft.linux.route.Link;
import dev.weft.linux.route.Neighbour;
import dev.weft.linux.route.Route;
import dev.weft.linux.route.Rtnetlink;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Links, addresses, routes and neighbours of one network namespace.
 *
 * @param routes of the protocol that marks ours
 */
record LinkTables(List<Link> links, List<Address> addresses, List<Route> routes, List<Neighbour> neighbours) {
    LinkTables {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        neighbours = List.copyOf(neighbours);
    }

    static LinkTables read(Rtnetlink netlink) {
        List<Route> routes = new ArrayList<>();
        List<Neighbour> neighbours = new ArrayList<>();
        for (Family family : Family.values()) {
            routes.addAll(netlink.routes(family, PodLink.ROUTE_PROTOCOL));
            neighbours.addAll(netlink.neighbours(family));
        }
        return new LinkTables(netlink.links(), netlink.addresses(), routes, neighbours);
    }

    Optional<Link> link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** Single addresses that are routed to a link. */
    List<Ip> routedTo(int link) {
        return routes.stream()
                .filter(route -> route.link() == link
                        && route.gateway().isEmpty()
                        && route.destination().length()
                                == route.destination().family().bits())
                .map(route -> route.destination().network())
                .toList();
    }
}
