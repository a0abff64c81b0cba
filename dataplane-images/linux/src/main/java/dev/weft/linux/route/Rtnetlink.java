package dev.weft.linux.route;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkResult;
import dev.weft.linux.NetlinkSocket;
import dev.weft.linux.NetlinkSocket.Protocol;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The links, addresses, routes and neighbours of one network namespace: of the thread that calls {@link #open}, or the
 * one given. Threads may share it; they take turns.
 *
 * <p>Reads give what the kernel has at one time (a table that changes meanwhile is read again) and throw
 * {@link LinuxException} if it refuses.
 */
public final class Rtnetlink implements AutoCloseable {
    private final NetlinkSocket socket;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * For the calling thread's namespace.
     *
     * @throws LinuxException as {@link NetlinkSocket#open}
     */
    public static Rtnetlink open() {
        return new Rtnetlink(NetlinkSocket.open(Protocol.ROUTE));
    }

    /**
     * For another namespace.
     *
     * @throws LinuxException as {@link NetlinkSocket#openIn}
     */
    public static Rtnetlink openIn(Netns netns) {
        return new Rtnetlink(NetlinkSocket.openIn(netns, Protocol.ROUTE));
    }

    /**
     * Sends the changes in as few system calls as fit, in their order. Each stands for itself: those after a refused one
     * are carried out all the same.
     *
     * @return what became of each, in their order
     * @throws LinuxException if they cannot be sent or the answers are lost, not for a change that is refused
     */
    public List<Outcome> attempt(List<Change> changes) {
        List<NetlinkResult> results =
                socket.request(changes.stream().map(Change::message).toList());
        List<Outcome> outcomes = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            outcomes.add(new Outcome(changes.get(i), results.get(i)));
        }
        return outcomes;
    }

    /**
     * Like {@link #attempt}, for changes that are all expected to work.
     *
     * @throws LinuxException for the first that was refused, with the others among its suppressed
     */
    public void apply(List<Change> changes) {
        Optional<LinuxException> first = Optional.empty();
        for (Outcome outcome : attempt(changes)) {
            if (!outcome.done()) {
                if (first.isPresent()) {
                    first.get().addSuppressed(outcome.refusal());
                } else {
                    first = Optional.of(outcome.refusal());
                }
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
    }

    /** See {@link #apply(List)}. */
    public void apply(Change... changes) {
        apply(List.of(changes));
    }

    /** The link with this name, if there is one. */
    public Optional<Link> link(String name) {
        return one(Link.get(name), "look for link " + name);
    }

    /** The link with this index, if there is one. */
    public Optional<Link> link(int index) {
        return one(Link.get(index), "look for link " + index);
    }

    private Optional<Link> one(NetlinkMessage get, String tried) {
        NetlinkResult result = socket.request(get);
        if (result.errno() == Errno.ENODEV) {
            return Optional.empty();
        }
        return result.orThrow("RTM_GETLINK", tried).data().stream()
                .map(Link::decode)
                .flatMap(Optional::stream)
                .findFirst();
    }

    public List<Link> links() {
        return dump(Link.getAll(), Link::decode);
    }

    /** The addresses of all links. */
    public List<Address> addresses() {
        return dump(Address.get(0), Address::decode);
    }

    /** The addresses of a link, none if there is no such link. */
    public List<Address> addresses(int link) {
        return ofLink(Address.get(link), Address::decode);
    }

    /** The routes of a family in all tables. */
    public List<Route> routes(Family family) {
        return dump(RouteCodec.get(family, 0), Route::decode);
    }

    /** The routes of a family in all tables that a protocol made; the kernel selects them. */
    public List<Route> routes(Family family, int protocol) {
        return dump(RouteCodec.get(family, protocol), Route::decode).stream()
                .filter(route -> route.protocol() == protocol)
                .toList();
    }

    /** The neighbours of a family on all links, learned ones too. */
    public List<Neighbour> neighbours(Family family) {
        return dump(Neighbour.get(family, 0), Neighbour::decode);
    }

    /** The neighbours of a family on a link, learned ones too; none if there is no such link. */
    public List<Neighbour> neighbours(Family family, int link) {
        return ofLink(Neighbour.get(family, link), Neighbour::decode).stream()
                .filter(neighbour -> neighbour.link() == link)
                .toList();
    }

    /** The forwarding entries of a VXLAN link, learned ones too; none if there is no such link. */
    public List<FdbEntry> fdb(int link) {
        return ofLink(FdbEntry.get(link), FdbEntry::decode).stream()
                .filter(entry -> entry.link() == link)
                .toList();
    }

    /** The token bucket at a link's root, if it has one. */
    public Optional<Tbf> tbf(int link) {
        return dump(Tbf.get(link), message -> Tbf.decode(message, link)).stream()
                .findFirst();
    }

    private <T> List<T> ofLink(NetlinkMessage get, Function<NetlinkMessage, Optional<T>> decode) {
        try {
            return dump(get, decode);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENODEV) {
                return List.of();
            }
            throw e;
        }
    }

    private <T> List<T> dump(NetlinkMessage get, Function<NetlinkMessage, Optional<T>> decode) {
        return socket.dump(get).stream().map(decode).flatMap(Optional::stream).toList();
    }

    @Override
    public void close() {
        socket.close();
    }
}
