package dev.weft.linux.route;

import dev.weft.linux.LinuxException;
import dev.weft.linux.NetlinkEvent;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkSocket;
import dev.weft.linux.NetlinkSocket.Protocol;
import dev.weft.linux.Netns;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells of changes in one network namespace, to one thread. Subscribe first, read the state with {@link Rtnetlink}
 * afterwards, and nothing is missed.
 */
public final class RouteMonitor implements AutoCloseable {
    /** What to hear of ({@code RTNLGRP_*}, linux/rtnetlink.h). */
    public enum Group {
        LINK(1),
        /** Neighbours and forwarding entries. */
        NEIGHBOUR(3),
        IPV4_ADDRESS(5),
        IPV4_ROUTE(7),
        IPV6_ADDRESS(9),
        IPV6_ROUTE(11);

        private final int number;

        Group(int number) {
            this.number = number;
        }
    }

    private final NetlinkSocket socket;

    private RouteMonitor(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Subscribes in the calling thread's namespace.
     *
     * @throws LinuxException as {@link NetlinkSocket#open}
     */
    public static RouteMonitor open(Set<Group> groups) {
        return subscribed(NetlinkSocket.open(Protocol.ROUTE), groups);
    }

    /**
     * Subscribes in another namespace.
     *
     * @throws LinuxException as {@link NetlinkSocket#openIn}
     */
    public static RouteMonitor openIn(Netns netns, Set<Group> groups) {
        return subscribed(NetlinkSocket.openIn(netns, Protocol.ROUTE), groups);
    }

    private static RouteMonitor subscribed(NetlinkSocket socket, Set<Group> groups) {
        try {
            groups.forEach(group -> socket.join(group.number));
            return new RouteMonitor(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Waits for events, holding the thread: use a platform thread. {@link #close} on another thread waits for it.
     *
     * @return the events in the kernel's order; none if the time is over, and perhaps none before
     */
    public List<RouteEvent> next(Duration timeout) {
        return switch (socket.receive(timeout)) {
            case NetlinkEvent.Received received ->
                received.messages().stream()
                        .map(RouteMonitor::decode)
                        .flatMap(Optional::stream)
                        .toList();
            case NetlinkEvent.Overrun() -> List.of(new RouteEvent.Overrun());
            case NetlinkEvent.Nothing() -> List.of();
        };
    }

    private static Optional<RouteEvent> decode(NetlinkMessage message) {
        return switch (message.type()) {
            case RtmType.NEWLINK -> Link.decode(message).map(link -> new RouteEvent.OfLink(link, false));
            case RtmType.DELLINK -> Link.decode(message).map(link -> new RouteEvent.OfLink(link, true));
            case RtmType.NEWADDR -> Address.decode(message).map(address -> new RouteEvent.OfAddress(address, false));
            case RtmType.DELADDR -> Address.decode(message).map(address -> new RouteEvent.OfAddress(address, true));
            case RtmType.NEWROUTE -> Route.decode(message).map(route -> new RouteEvent.OfRoute(route, false));
            case RtmType.DELROUTE -> Route.decode(message).map(route -> new RouteEvent.OfRoute(route, true));
            case RtmType.NEWNEIGH -> neighbour(message, false);
            case RtmType.DELNEIGH -> neighbour(message, true);
            default -> Optional.empty();
        };
    }

    private static Optional<RouteEvent> neighbour(NetlinkMessage message, boolean deleted) {
        return FdbEntry.decode(message)
                .<RouteEvent>map(entry -> new RouteEvent.OfFdb(entry, deleted))
                .or(() -> Neighbour.decode(message).map(entry -> new RouteEvent.OfNeighbour(entry, deleted)));
    }

    @Override
    public void close() {
        socket.close();
    }
}
