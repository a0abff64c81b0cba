package dev.weft.linux.route;

/** A change that the kernel tells of, whoever made it. */
public sealed interface RouteEvent {
    /** A link was made, changed or deleted. */
    record OfLink(Link link, boolean deleted) implements RouteEvent {}

    /** An address was added, changed or deleted. */
    record OfAddress(Address address, boolean deleted) implements RouteEvent {}

    /** A route was added, changed or deleted. IPv4 routes that go because their link went down are not told of. */
    record OfRoute(Route route, boolean deleted) implements RouteEvent {}

    /** A neighbour was added, changed or deleted. */
    record OfNeighbour(Neighbour neighbour, boolean deleted) implements RouteEvent {}

    /** A forwarding entry was added, changed or deleted. */
    record OfFdb(FdbEntry entry, boolean deleted) implements RouteEvent {}

    /** Events were lost: read everything again. */
    record Overrun() implements RouteEvent {}
}
