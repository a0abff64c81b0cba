package dev.weft.cni.pod;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.linux.route.Address;
import dev.weft.linux.route.Change;
import dev.weft.linux.route.Link;
import dev.weft.linux.route.LinkChange;
import dev.weft.linux.route.Neighbour;
import dev.weft.linux.route.Outcome;
import dev.weft.linux.route.Rtnetlink;
import dev.weft.linux.route.Tbf;
import dev.weft.linux.route.VethPair;
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
 * <p>A link takes four sends: the pair, its index, all inside the pod, all on the host. Every message waits for the kernel's RTNL
 * lock, which all ADDs of the node share, so what can be left out is left out.
 */
public final class PodLinks implements AutoCloseable {
    /** Index of {@code lo}, always the first of a namespace. */
    private static final int LOOPBACK = 1;

    private final Rtnetlink host;
    /** For looking at everything, which takes long with many pods; an ADD does not wait behind it. */
    private final Rtnetlink survey;

    private final LinkRemover remover;

    private PodLinks(Rtnetlink host, Rtnetlink survey) {
        this.host = host;
        this.survey = survey;
        this.remover = new LinkRemover(host);
    }

    /**
     * Opens it in the calling thread's network namespace, which is the node's.
     *
     * @throws LinuxException EPERM without CAP_NET_ADMIN
     */
    public static PodLinks open() {
        return new PodLinks(Rtnetlink.open(), Rtnetlink.open());
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
        LinkTables tables = LinkTables.read(survey);
        Map<String, List<Ip>> links = new HashMap<>();
        for (Link link : tables.links()) {
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
        List<String> differences = new ArrayList<>(LinkCheck.host(link, LinkTables.read(survey)));
        differences.addAll(limit(host, link.hostLink(), ingress(link)));
        differences.addAll(pod.call(() -> checkHere(link)));
        return differences;
    }

    private static List<String> checkHere(PodLink link) {
        try (Rtnetlink netlink = Rtnetlink.open()) {
            List<String> differences = new ArrayList<>(LinkCheck.pod(link, LinkTables.read(netlink)));
            differences.addAll(limit(netlink, link.ifname(), egress(link)));
            return differences;
        }
    }

    private static List<String> limit(Rtnetlink netlink, String name, Optional<Tbf> wanted) {
        boolean missing = wanted.isPresent()
                && netlink.link(name).flatMap(link -> netlink.tbf(link.index())).isEmpty();
        return missing ? List.of("bandwidth limit on " + name + " was missing") : List.of();
    }

    private static Optional<Tbf> ingress(PodLink link) {
        return Shaping.of(link.bandwidth().ingressRate(), link.bandwidth().ingressBurst(), link.mtu());
    }

    private static Optional<Tbf> egress(PodLink link) {
        return Shaping.of(link.bandwidth().egressRate(), link.bandwidth().egressBurst(), link.mtu());
    }

    /**
     * Those whose node's side is not as it should be, at a glance: the kernel's tables are read one after the other, so a
     * link that is being made or removed meanwhile may be among them. One whose interface is gone is not: the pod lost it
     * too, and CHECK tells the runtime.
     */
    public List<PodLink> suspects(List<PodLink> links) {
        LinkTables tables = LinkTables.read(survey);
        return links.stream()
                .filter(link -> tables.link(link.hostLink()).isPresent()
                        && !LinkCheck.host(link, tables).isEmpty())
                .toList();
    }

    /**
     * Puts back the node's side of a link that others changed: the interface up, routes and neighbours. Nobody makes or
     * removes the link meanwhile.
     *
     * @return each thing put back, for people
     */
    public List<String> repair(PodLink link) {
        LinkTables tables = LinkTables.read(survey);
        List<String> differences = LinkCheck.host(link, tables);
        Optional<Link> state = tables.link(link.hostLink());
        if (differences.isEmpty() || state.isEmpty()) {
            return List.of();
        }
        host.apply(LinkChange.of(state.get().index()).up().change());
        configureHost(link, state.get().index());
        return differences;
    }

    @Override
    public void close() {
        host.close();
        survey.close();
    }

    private record Ends(int host, int pod) {}

    private Ends createPair(PodLink link, Netns pod) {
        VethPair pair = new VethPair(
                new VethPair.End(link.hostLink(), link.hostMac(), link.mtu()),
                new VethPair.End(link.ifname(), link.podMac(), link.mtu()));
        List<Change> changes = new ArrayList<>();
        changes.add(pair.create(pod));
        if (link.has(Family.IPV6)) {
            // Nobody asks for it, and each would cost a round of duplicate address detection under the RTNL lock.
            changes.add(LinkChange.withoutLinkLocal(link.hostLink()));
        }
        changes.add(LinkChange.of(link.hostLink()).up().change());
        List<Outcome> outcomes = host.attempt(changes);
        if (outcomes.getFirst().errno() == Errno.EEXIST
                && host.link(link.hostLink()).isPresent()) {
            delete(link.hostLink()); // left by a try that died
            outcomes = host.attempt(changes);
        }
        if (!outcomes.getFirst().done()) {
            throw outcomes.getFirst().refusal();
        }
        try {
            requireAll(outcomes);
            Link made = host.link(link.hostLink())
                    .orElseThrow(() -> new LinuxException(Errno.ENODEV, "RTM_GETLINK", "find " + link.hostLink()));
            return new Ends(made.index(), made.parent());
        } catch (RuntimeException e) {
            undo(link, e);
            throw e;
        }
    }

    private static void configurePod(PodLink link, int index) {
        if (link.has(Family.IPV6)) {
            InterfaceSettings.set(Family.IPV6, link.ifname(), "accept_ra", "0");
            InterfaceSettings.ensure(Family.IPV6, link.ifname(), "disable_ipv6", "0");
        }
        List<Change> changes = new ArrayList<>();
        changes.add(LinkChange.of(LOOPBACK).up().change());
        changes.add(LinkChange.of(index).up().change());
        for (Ip ip : link.ips()) {
            changes.add(Address.host(index, ip).replace());
            changes.add(Neighbour.permanent(index, PodLink.gateway(ip.family()), link.hostMac())
                    .replace());
            changes.add(PodLink.defaultRoute(ip.family(), index).replace());
        }
        egress(link).ifPresent(bucket -> changes.add(bucket.replace(index)));
        try (Rtnetlink netlink = Rtnetlink.open()) {
            netlink.apply(changes);
        }
    }

    private void configureHost(PodLink link, int index) {
        List<Change> changes = new ArrayList<>();
        for (Ip ip : link.ips()) {
            changes.add(Neighbour.permanent(index, ip, link.podMac()).replace());
            changes.add(PodLink.hostRoute(ip, index).replace());
        }
        ingress(link).ifPresent(bucket -> changes.add(bucket.replace(index)));
        if (link.has(Family.IPV6)) {
            InterfaceSettings.set(Family.IPV6, link.hostLink(), "accept_ra", "0");
        }
        if (link.localnet() && link.has(Family.IPV4)) {
            InterfaceSettings.set(Family.IPV4, link.hostLink(), "route_localnet", "1");
        }
        host.apply(changes);
    }

    private void undo(PodLink link, Throwable failure) {
        try {
            delete(link.hostLink());
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static void requireAll(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (!outcome.done()) {
                throw outcome.refusal();
            }
        }
    }
}
