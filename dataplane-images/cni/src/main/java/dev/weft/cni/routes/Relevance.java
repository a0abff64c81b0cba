package dev.weft.cni.routes;

import dev.weft.linux.route.RouteEvent;
import dev.weft.linux.route.RouteType;
import dev.weft.net.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Which events of the kernel contradict what was applied. On a node where pods come and go most events are about pod
 * links; and those about our own changes confirm what we know.
 *
 * @param applied what the kernel was brought to last
 * @param uplink name of the uplink, empty while unknown
 */
public record Relevance(Supplier<Optional<NodeState>> applied, Supplier<Optional<String>> uplink)
        implements Predicate<RouteEvent> {
    private static final List<Cidr> LINK_LOCAL = List.of(Cidr.parse("169.254.0.0/16"), Cidr.parse("fe80::/10"));

    @Override
    public boolean test(RouteEvent event) {
        Optional<NodeState> state = applied.get();
        if (state.isEmpty()) {
            return false; // the first run looks at everything anyway
        }
        return switch (event) {
            case RouteEvent.Overrun() -> true;
            case RouteEvent.OfLink of -> isWatched(of.link().name());
            // Those of the tunnel and of the uplink, or one that makes an uplink; pod links bear link-local ones only.
            case RouteEvent.OfAddress of ->
                LINK_LOCAL.stream().noneMatch(cidr -> cidr.contains(of.address().ip()));
            case RouteEvent.OfRoute of -> contradicts(of, state.get());
            case RouteEvent.OfNeighbour of -> contradicts(of, state.get());
            case RouteEvent.OfFdb of -> contradicts(of, state.get());
        };
    }

    private boolean isWatched(String link) {
        return link.equals(VxlanDevice.NAME)
                || uplink.get().filter(name -> !name.equals(link)).isEmpty();
    }

    private static boolean contradicts(RouteEvent.OfRoute event, NodeState state) {
        dev.weft.linux.route.Route route = event.route();
        Route.Key key = new Route.Key(route.destination(), route.metric());
        Optional<Route> wanted =
                state.routes().stream().filter(ours -> ours.key().equals(key)).findFirst();
        if (event.deleted()) {
            return wanted.isPresent();
        }
        if (wanted.isEmpty()) {
            // Routes of pod links have the prefix length of a host and are not ours to judge.
            return route.protocol() == Route.PROTOCOL && route.gateway().isPresent();
        }
        return route.protocol() != Route.PROTOCOL
                || switch (wanted.get().target()) {
                    case Route.Via via ->
                        !route.gateway().equals(Optional.of(via.gateway())) || route.mtu() != via.mtu();
                    case Route.Unreachable() -> route.type() != RouteType.UNREACHABLE;
                };
    }

    private static boolean contradicts(RouteEvent.OfNeighbour event, NodeState state) {
        Optional<Neighbour> wanted = state.neighbours().stream()
                .filter(ours -> ours.address().equals(event.neighbour().ip()))
                .findFirst();
        return wanted.filter(ours -> event.deleted()
                        || !event.neighbour().isPermanent()
                        || !event.neighbour().mac().equals(Optional.of(ours.mac())))
                .isPresent();
    }

    private static boolean contradicts(RouteEvent.OfFdb event, NodeState state) {
        Optional<FdbEntry> wanted = state.fdb().stream()
                .filter(ours -> ours.mac().equals(event.entry().mac()))
                .findFirst();
        return wanted.filter(ours -> event.deleted() || !event.entry().remote().equals(Optional.of(ours.node())))
                .isPresent();
    }
}
