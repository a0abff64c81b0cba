package dev.weft.cni.pod;

import dev.weft.agent.Log;
import dev.weft.cni.ipam.Lease;
import dev.weft.cni.ipam.LeaseRequest;
import dev.weft.cni.ipam.LeaseStore;
import dev.weft.cni.ipam.NoAddressException;
import dev.weft.cni.nat.CniNat;
import dev.weft.cni.nat.HostPort;
import dev.weft.cni.nat.UdpFlows;
import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.CniError;
import dev.weft.cni.protocol.CniException;
import dev.weft.cni.protocol.CniRequest;
import dev.weft.cni.protocol.CniResult;
import dev.weft.cni.server.CniHandler;
import dev.weft.linux.FileId;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.NftablesException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * The CNI verbs over leases, links and host ports. Several requests run at once; those for one pod take turns.
 *
 * <p>Order of things: a lease is written, then its link is made, then its host ports; DEL goes the other way round, so
 * that what is there at any moment belongs to a lease. What a death in between leaves is put right by {@link #start} or
 * by the repeated request.
 */
public final class PodNetwork implements CniHandler {
    private static final int LOCKS = 256;

    /**
     * ADDs that make links at once. All need the kernel's RTNL lock for most of their time, and a crowd that fights for
     * it makes the last one wait longest; in turn they finish one after the other.
     */
    private static final int MAKERS = 4;

    private final LeaseStore leases;
    private final PodLinks links;
    private final CniNat nat;
    private final UdpFlows udpFlows;
    private final FileId nodeNetns;
    private final Log log;
    private final PodGate gate;
    private final Semaphore makers = new Semaphore(MAKERS, true);
    private final List<ReentrantLock> locks =
            IntStream.range(0, LOCKS).mapToObj(i -> new ReentrantLock()).toList();
    private final Readiness readiness = new Readiness();

    /**
     * @param nodeNetns identity of the node's network namespace, which no pod may ask to be put into
     * @param gate what every ADD waits for before it is answered
     */
    public PodNetwork(
            LeaseStore leases, PodLinks links, CniNat nat, UdpFlows udpFlows, FileId nodeNetns, Log log, PodGate gate) {
        this.leases = leases;
        this.links = links;
        this.nat = nat;
        this.udpFlows = udpFlows;
        this.nodeNetns = nodeNetns;
        this.log = log;
        this.gate = gate;
    }

    /**
     * Puts right what a death or a reboot left, before requests are served: leases without link, links without lease.
     * Running pods are not touched.
     *
     * @throws IOException if leases cannot be written
     * @throws LinuxException if the kernel refuses
     */
    public void start() throws IOException {
        leases.startNotes().forEach(note -> log.info(note));
        Map<String, List<Ip>> existing = links.existing();
        for (Lease lease : leases.retain(existing.keySet())) {
            log.info("released a lease whose pod link is gone", "pod", lease.pod(), "ips", lease.ips());
        }
        Set<String> known = new HashSet<>();
        leases.leases().forEach(lease -> known.add(lease.hostLink()));
        existing.forEach((hostLink, ips) -> {
            if (!known.contains(hostLink)) {
                adopt(hostLink, ips);
            }
        });
        updateHostPorts();
    }

    /** A link whose lease file is lost belongs to a running pod if addresses are routed to it: keep it and them. */
    private void adopt(String hostLink, List<Ip> ips) {
        if (ips.isEmpty()) {
            links.delete(hostLink);
            log.info("removed a pod link that was never finished", "link", hostLink);
        } else {
            leases.adopt(hostLink, ips);
            log.warn("kept the addresses of a pod link without lease", "link", hostLink, "ips", ips);
        }
    }

    /** From now on pods get these; at the first call requests begin to be served. Running pods keep what they have. */
    public void configure(PodSettings settings) {
        leases.setRanges(settings.podCidrs());
        readiness.ready(settings);
    }

    /** From now on new pods are refused with this reason (what the agent has not got or done), and STATUS fails. */
    public void refuse(String why) {
        readiness.notReady(why);
    }

    /**
     * Puts back what others changed on the node's side of pod links and in the table of host ports, and forgets the
     * addresses that have rested.
     *
     * @return each thing put back, for people
     * @throws IOException if files of leases cannot be removed
     * @throws LinuxException if the kernel refuses
     * @throws NftablesException if the kernel refuses
     */
    public List<String> repair() throws IOException {
        leases.sweep();
        List<String> repaired = new ArrayList<>();
        for (PodLink suspect :
                links.suspects(leases.leases().stream().map(PodLink::of).toList())) {
            repaired.addAll(repair(suspect));
        }
        repaired.addAll(nat.repair());
        return repaired;
    }

    /** In turn with requests for the pod: what one of them was about to make or remove was not taken by another. */
    private List<String> repair(PodLink suspect) {
        ReentrantLock lock = lock(suspect.hostLink());
        lock.lock();
        try {
            boolean leased = leases.leases().stream().map(PodLink::of).anyMatch(suspect::equals);
            return leased ? links.repair(suspect) : List.of();
        } finally {
            lock.unlock();
        }
    }

    /** Number of pod interfaces that hold addresses. */
    public int pods() {
        return leases.leases().size();
    }

    @Override
    public Outcome handle(CniRequest request, Optional<Netns> netns) throws CniException {
        try {
            return switch (request) {
                case CniRequest.Add add -> locked(add.attachment(), () -> add(add, podNetns(netns)));
                case CniRequest.Del del -> locked(del.attachment(), () -> delete(del.attachment()));
                case CniRequest.Check check -> locked(check.attachment(), () -> check(check, podNetns(netns)));
                case CniRequest.Gc gc -> collect(gc);
                case CniRequest.Status status -> status();
            };
        } catch (NoAddressException e) {
            throw new CniException(CniError.TRY_AGAIN_LATER, String.valueOf(e.getMessage()));
        } catch (LinuxException | NftablesException | IOException | UncheckedIOException e) {
            throw new CniException(CniError.IO_FAILURE, String.valueOf(e.getMessage()), e);
        }
    }

    private Outcome add(CniRequest.Add add, Netns netns) throws CniException, NoAddressException, IOException {
        long inode = netns.id().inode();
        Optional<Lease> known = leases.find(add.attachment());
        if (known.isPresent() && known.get().netnsInode() == inode) {
            PodLink link = PodLink.of(known.get());
            if (!links.check(link, netns).isEmpty()) {
                create(link, netns); // a try that died half-way
            }
            updateHostPorts();
            pass(add, link.ips());
            return outcome(link, add.netns());
        }
        PodSettings settings = readiness.await();
        if (known.isPresent()) {
            delete(add.attachment()); // of another namespace: nothing of it is of use
        }
        Lease lease = leases.acquire(
                new LeaseRequest(add.attachment(), add.pod(), settings.mtu(), inode, add.ports(), add.bandwidth()));
        gate.leasesChanged();
        PodLink link = PodLink.of(lease);
        try {
            create(link, netns);
            openPorts(lease);
            pass(add, lease.ips());
        } catch (CniException | RuntimeException | Error e) {
            undo(lease, e);
            throw e;
        }
        return outcome(link, add.netns());
    }

    /** The pod's first instruction runs once ADD is answered. */
    private void pass(CniRequest.Add add, List<Ip> ips) throws CniException {
        try {
            Optional<String> refusal = gate.admit(add.pod(), add.podUid(), ips);
            if (refusal.isPresent()) {
                throw new CniException(CniError.TRY_AGAIN_LATER, refusal.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CniException(CniError.TRY_AGAIN_LATER, "the weft node agent is stopping", e);
        }
    }

    private void create(PodLink link, Netns netns) {
        makers.acquireUninterruptibly();
        try {
            links.create(link, netns);
        } finally {
            makers.release();
        }
    }

    private void undo(Lease lease, Throwable failure) {
        try {
            delete(lease.attachment());
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private Outcome delete(Attachment attachment) throws IOException {
        return delete(attachment.hostLink());
    }

    private Outcome delete(String hostLink) throws IOException {
        Optional<Lease> lease = leases.find(hostLink);
        links.delete(hostLink);
        leases.release(hostLink);
        gate.leasesChanged();
        updateHostPorts();
        lease.ifPresent(gone -> udpFlows.forget(gone.ports()));
        return new Outcome(Optional.empty(), lease.map(Lease::ips).orElse(List.of()));
    }

    private void openPorts(Lease lease) {
        if (!lease.ports().isEmpty()) {
            updateHostPorts();
            udpFlows.forget(lease.ports());
        }
    }

    private void updateHostPorts() {
        nat.setHostPorts(() -> HostPort.of(leases.leases()));
    }

    private Outcome check(CniRequest.Check check, Netns netns) throws CniException {
        Lease lease = leases.find(check.attachment())
                .orElseThrow(() ->
                        new CniException(CniError.UNKNOWN_CONTAINER, "nothing is known of " + check.attachment()));
        List<String> differences = new ArrayList<>();
        for (Ip ip : lease.ips()) {
            if (!check.previous().ips().contains(ip)) {
                differences.add("address " + ip + " is not in prevResult");
            }
        }
        for (String name : List.of(lease.hostLink(), lease.attachment().ifname())) {
            if (!check.previous().interfaces().contains(name)) {
                differences.add("interface " + name + " is not in prevResult");
            }
        }
        differences.addAll(links.check(PodLink.of(lease), netns));
        if (!lease.ports().isEmpty()) {
            differences.addAll(nat.check());
        }
        if (!differences.isEmpty()) {
            throw new CniException(CniError.STATE_DIFFERS, String.join("; ", differences));
        }
        return new Outcome(Optional.empty(), lease.ips());
    }

    /** Frees what belongs to no valid attachment, links without lease included. */
    private Outcome collect(CniRequest.Gc gc) throws CniException, NoAddressException, IOException {
        Set<String> valid = new HashSet<>();
        gc.valid().forEach(attachment -> valid.add(attachment.hostLink()));
        Set<String> all = new HashSet<>(links.existing().keySet());
        leases.leases().forEach(lease -> all.add(lease.hostLink()));
        all.removeAll(valid);
        List<Ip> freed = new ArrayList<>();
        for (String hostLink : all) {
            freed.addAll(locked(hostLink, () -> delete(hostLink)).ips());
        }
        return new Outcome(Optional.empty(), freed);
    }

    private Outcome status() throws CniException {
        readiness.require(CniError.NOT_AVAILABLE);
        return Outcome.NOTHING;
    }

    private Netns podNetns(Optional<Netns> netns) throws CniException {
        Netns pod = netns.orElseThrow(() ->
                new CniException(CniError.INVALID_ENVIRONMENT, "the request came without the pod's network namespace"));
        if (pod.id().equals(nodeNetns)) {
            throw new CniException(
                    CniError.INVALID_ENVIRONMENT, "CNI_NETNS is the network namespace of the node itself");
        }
        return pod;
    }

    private static Outcome outcome(PodLink link, String netns) {
        Map<Family, Ip> gateways = new EnumMap<>(Family.class);
        link.ips().forEach(ip -> gateways.put(ip.family(), PodLink.gateway(ip.family())));
        CniResult result = new CniResult(
                link.hostLink(), link.hostMac(), link.ifname(), link.podMac(), link.mtu(), netns, link.ips(), gateways);
        return new Outcome(Optional.of(result), link.ips());
    }

    private interface Work {
        Outcome run() throws CniException, NoAddressException, IOException;
    }

    private Outcome locked(Attachment attachment, Work work) throws CniException, NoAddressException, IOException {
        return locked(attachment.hostLink(), work);
    }

    private Outcome locked(String hostLink, Work work) throws CniException, NoAddressException, IOException {
        ReentrantLock lock = lock(hostLink);
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(String hostLink) {
        return locks.get(Math.floorMod(hostLink.hashCode(), LOCKS));
    }
}
