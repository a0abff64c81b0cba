package dev.weft.linux.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.Netns;
import dev.weft.linux.route.RouteMonitor.Group;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NetworkNamespaces.class)
class RouteMonitorTest {
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0a");

    private final List<RouteEvent> seen = new ArrayList<>();

    /** Reads until the event came, perhaps earlier than asked for, or fails after some seconds of silence. */
    private void await(RouteMonitor monitor, Predicate<RouteEvent> wanted) {
        while (seen.stream().noneMatch(wanted)) {
            List<RouteEvent> events = monitor.next(Duration.ofSeconds(5));
            assertThat(events).as("no such event among %s", seen).isNotEmpty();
            seen.addAll(events);
        }
    }

    @Test
    void whateverIsChangedIsTold(TestNetns test) {
        try (Netns netns = Netns.open(test.path());
                RouteMonitor monitor = RouteMonitor.openIn(netns, EnumSet.allOf(Group.class));
                Rtnetlink rtnetlink = Rtnetlink.openIn(netns)) {
            rtnetlink.apply(
                    new Vxlan(1, 4789, Optional.of(Ip.parse("192.0.2.1")), 0, false, true).create("vx", MAC, 1450),
                    LinkChange.of("vx").up().change());
            int link = rtnetlink.link("vx").orElseThrow().index();
            await(monitor, e -> e instanceof RouteEvent.OfLink(Link l, boolean gone) && l.index() == link && !gone);

            for (Ip ip : List.of(Ip.parse("10.244.1.0"), Ip.parse("fd00::1"))) {
                Address address = Address.host(link, ip);
                Route route = Route.direct(Cidr.host(ip.plus(1)), link).protocol(87);
                Neighbour neighbour = Neighbour.permanent(link, ip.plus(2), MAC);
                rtnetlink.apply(address.add(), route.add(), neighbour.add());
                await(
                        monitor,
                        e -> e instanceof RouteEvent.OfAddress(Address a, boolean gone) && a.ip().equals(ip) && !gone);
                await(monitor, new RouteEvent.OfRoute(route, false)::equals);
                await(monitor, new RouteEvent.OfNeighbour(neighbour, false)::equals);
                rtnetlink.apply(neighbour.delete(), route.delete(), address.delete());
                await(
                        monitor,
                        e -> e instanceof RouteEvent.OfNeighbour(Neighbour n, boolean gone)
                                && n.ip().equals(neighbour.ip())
                                && gone);
                await(monitor, new RouteEvent.OfRoute(route, true)::equals);
                await(
                        monitor,
                        e -> e instanceof RouteEvent.OfAddress(Address a, boolean gone) && a.ip().equals(ip) && gone);
            }

            FdbEntry fdb = FdbEntry.permanent(link, MAC, Ip.parse("192.0.2.2"));
            rtnetlink.apply(fdb.add(), fdb.delete(), LinkChange.delete(link));
            await(monitor, new RouteEvent.OfFdb(fdb, false)::equals);
            await(monitor, new RouteEvent.OfFdb(fdb, true)::equals);
            await(monitor, e -> e instanceof RouteEvent.OfLink(Link l, boolean gone) && l.index() == link && gone);
        }
    }
}
