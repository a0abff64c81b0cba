package dev.weft.cni.pod;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkResult;
import dev.weft.linux.NetlinkSocket;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes, removes and checks pod links. Runs in the node's network namespace, that of the thread that opened it. Safe for
 * several threads.
 *
 * <p>A link takes three sends: the pair, all inside the pod, all on the host. Every message waits for the kernel's RTNL
 * lock, which all ADDs of the node share, so what can be left out is left out.
 */
public final class PodLinks implements AutoCloseable {
    private final NetlinkSocket host;

    private final LinkRemover remover;

    private PodLinks(NetlinkSocket host) {
        this.host = host;
        this.remover = new LinkRemover(host);
    }

    /**
     * Opens it in the calling thread's network namespace, which is the node's.
     *
     * @throws LinuxException EPERM without CAP_NET_ADMIN
     */
    public static PodLinks open() {
        return new PodLinks(NetlinkSocket.open(NetlinkSocket.Protocol.ROUTE));
    }

    /**
     * Makes the link. What stands under the host link's name from a try that died is removed first; if anything fails,
     * all is undone.
     *
     * @param pod the pod's network namespace
     * @throws LinuxException what the kernel refused, such as EEXIST if the pod has an interface of that name
     */
    public void create(PodLink link, Netns pod) {
        Ends ends = createPair(link, pod);
        try {
            pod.call(() -> {
                configurePod(link, ends.pod());
                return ends;
            });
            configureHost(link, ends.host());
        } catch (RuntimeException | Error e) {
            undo(link, e);
            throw e;
        }
    }

    /** Removes the link, both ends with all that hangs on them. One that is not there is fine. */
    public void delete(String hostLink) {
        remover.remove(hostLink);
    }

    /** Host links that exist, with the addresses that are routed to them. */
    public Map<String, List<Ip>> existing() {
        LinkTables tables = LinkTables.read(host);
        Map<String, List<Ip>> links = new HashMap<>();
        for (LinkTables.Link link : tables.links()) {
            if (PodLink.isHostLink(link.name())) {
                links.put(link.name(), tables.routedTo(link.index()));
            }
        }
        return links;
    }

    /**
     * Compares the link with what it should be.
     *
     * @return what differs, for people; empty when all is as it should be
     */
    public List<String> check(PodLink link, Netns pod) {
        List<String> differences = new ArrayList<>(LinkCheck.host(link, LinkTables.read(host)));
        differences.addAll(LinkCheck.pod(link, pod.call(PodLinks::readHere)));
        return differences;
    }

    /**
     * Puts back the node's side of links that others changed: the interface up, routes and neighbours. An interface that
     * is gone stays so: the pod lost it too, and CHECK tells the runtime.
     *
     * @param links all links that should be
     * @return each thing put back, for people
     */
    public List<String> repair(List<PodLink> links) {
        LinkTables tables = LinkTables.read(host);
        List<String> repaired = new ArrayList<>();
        for (PodLink link : links) {
            List<String> differences = LinkCheck.host(link, tables);
            Optional<LinkTables.Link> state = tables.link(link.hostLink());
            if (!differences.isEmpty() && state.isPresent()) {
                host.request(LinkMessages.up(state.get().index()))
                        .orThrow("RTM_SETLINK", "set " + link.hostLink() + " up");
                configureHost(link, state.get().index());
                repaired.addAll(differences);
            }
        }
        return repaired;
    }

    @Override
    public void close() {
        host.close();
    }

    private record Ends(int host, int pod) {}

    private Ends createPair(PodLink link, Netns pod) {
        for (boolean firstTry = true; ; firstTry = false) {
            List<NetlinkResult> results = host.request(List.of(
                    LinkMessages.createPair(link, pod.fd()),
                    LinkMessages.hostUp(link.hostLink(), link.has(Family.IPV6)),
                    LinkMessages.getLink(link.hostLink())));
            NetlinkResult created = results.getFirst();
            if (created.errno() == Errno.EEXIST && firstTry && results.getLast().ok()) {
                delete(link.hostLink()); // left by a try that died
                continue;
            }
            created.orThrow("RTM_NEWLINK", "make pod link " + link.hostLink() + " with " + link.ifname());
            try {
                results.get(1).orThrow("RTM_SETLINK", "set " + link.hostLink() + " up");
                LinkTables.Link state = LinkTables.Link.of(results.getLast()
                        .orThrow("RTM_GETLINK", "find " + link.hostLink())
                        .data()
                        .getFirst());
                return new Ends(state.index(), state.peer());
            } catch (RuntimeException e) {
                undo(link, e);
                throw e;
            }
        }
    }

    private static void configurePod(PodLink link, int index) {
        if (link.has(Family.IPV6)) {
            InterfaceSettings.set(Family.IPV6, link.ifname(), "accept_ra", "0");
            InterfaceSettings.ensure(Family.IPV6, link.ifname(), "disable_ipv6", "0");
        }
        List<NetlinkMessage> messages = new ArrayList<>();
        messages.add(LinkMessages.up(1)); // lo is always the first
        messages.add(LinkMessages.up(index));
        for (Ip ip : link.ips()) {
            Ip gateway = PodLink.gateway(ip.family());
            messages.add(LinkMessages.address(index, ip));
            messages.add(LinkMessages.neighbour(index, gateway, link.hostMac()));
            messages.add(LinkMessages.defaultRoute(index, gateway));
        }
        TokenBucket.of(link.bandwidth().egressRate(), link.bandwidth().egressBurst(), link.mtu())
                .ifPresent(bucket -> messages.add(bucket.message(index)));
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.Protocol.ROUTE)) {
            requireAll(
                    socket.request(messages), "configure " + link.ifname() + " of the pod behind " + link.hostLink());
        }
    }

    private void configureHost(PodLink link, int index) {
        List<NetlinkMessage> messages = new ArrayList<>();
        for (Ip ip : link.ips()) {
            messages.add(LinkMessages.neighbour(index, ip, link.podMac()));
            messages.add(LinkMessages.hostRoute(index, ip));
        }
        TokenBucket.of(link.bandwidth().ingressRate(), link.bandwidth().ingressBurst(), link.mtu())
                .ifPresent(bucket -> messages.add(bucket.message(index)));
        if (link.has(Family.IPV6)) {
            InterfaceSettings.set(Family.IPV6, link.hostLink(), "accept_ra", "0");
        }
        if (link.localnet() && link.has(Family.IPV4)) {
            InterfaceSettings.set(Family.IPV4, link.hostLink(), "route_localnet", "1");
        }
        requireAll(host.request(messages), "configure " + link.hostLink());
    }

    private static LinkTables readHere() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.Protocol.ROUTE)) {
            return LinkTables.read(socket);
        }
    }

    private void undo(PodLink link, Throwable failure) {
        try {
            delete(link.hostLink());
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static void requireAll(List<NetlinkResult> results, String tried) {
        results.forEach(result -> result.orThrow("rtnetlink", tried));
    }
}
