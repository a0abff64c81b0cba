package dev.weft.cni.ipam;

import dev.weft.cni.protocol.Attachment;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who holds which address, in memory and on disk. Safe for use by several threads; two calls for the same attachment at
 * once are the caller's to prevent.
 *
 * <p>Invariants: no address has two holders; an address is on disk before {@link #acquire} returns it; an address that
 * was released stays unused for the quiet time, across restarts. Only when a range has nothing else left is the one that
 * rests for longest taken, and never one that rests for less than {@link #LEAST_QUIET}.
 */
public final class LeaseStore {
    /** What others know of the pod that had an address, such as Service endpoints, is gone after this time. */
    static final Duration LEAST_QUIET = Duration.ofSeconds(2);

    /** Reserved by an ADD that has not yet written its lease; no link has this name. */
    private static final String PENDING = "";

    private final LeaseFolder folder;
    private final String bootId;
    private final Duration quiet;
    private final InstantSource clock;
    private final List<String> startNotes = new ArrayList<>();

    private final Map<String, Lease> leases = new HashMap<>();
    /** Host link of the holder of each address, links without a lease file included. */
    private final Map<Ip, String> holders = new HashMap<>();

    /** Addresses whose pod is gone; those that have rested are free though they stay here until {@link #sweep}. */
    private final Map<Ip, LeaseFolder.Resting> resting = new HashMap<>();
    /** The same and those that were taken early, in the order in which they were released. */
    private final ArrayDeque<LeaseFolder.Resting> released = new ArrayDeque<>();

    private final Map<Family, AddressRange> ranges = new EnumMap<>(Family.class);
    private final Map<Family, Ip> latest = new EnumMap<>(Family.class);

    private LeaseStore(LeaseFolder folder, String bootId, Duration quiet, InstantSource clock) {
        this.folder = folder;
        this.bootId = bootId;
        this.quiet = quiet;
        this.clock = clock;
    }

    /**
     * Reads the folder, made if it is not there, and drops the leases of another boot: their pods are gone.
     *
     * @param quiet for how long an address stays unused after its pod is gone
     * @throws IOException if the folder cannot be read or written
     */
    public static LeaseStore open(Path folder, FileSteps steps, String bootId, Duration quiet, InstantSource clock)
            throws IOException {
        LeaseStore store = new LeaseStore(new LeaseFolder(folder, steps), bootId, quiet, clock);
        store.load();
        return store;
    }

    private synchronized void load() throws IOException {
        LeaseFolder.Content content = folder.read();
        content.unreadable().forEach(text -> startNotes.add("removed unreadable lease " + text));
        Instant now = clock.instant();
        for (LeaseFolder.Resting rest : content.resting()) {
            if (rest.lease().bootId().equals(bootId)) {
                // A clock that was set back must not keep the address for longer than the quiet time.
                Instant since = rest.since().isAfter(now) ? now : rest.since();
                LeaseFolder.Resting known = new LeaseFolder.Resting(rest.lease(), since, rest.file());
                rests(known);
            } else {
                folder.forget(rest);
            }
        }
        for (Lease lease : content.leases()) {
            if (lease.bootId().equals(bootId)) {
                hold(lease);
            } else {
                folder.forget(lease);
                startNotes.add("dropped the lease of " + lease.pod() + " (" + lease.ips() + "): the node rebooted");
            }
        }
    }

    /** What was put right when the store was opened, for the log. */
    public synchronized List<String> startNotes() {
        return List.copyOf(startNotes);
    }

    /**
     * Sets the node's podCIDRs, at most one a family. Leases outside of them stay as they are until they are released.
     */
    public synchronized void setRanges(List<Cidr> podCidrs) {
        ranges.clear();
        podCidrs.forEach(cidr -> ranges.put(cidr.family(), new AddressRange(cidr)));
    }

    public synchronized Optional<Lease> find(Attachment attachment) {
        return Optional.ofNullable(leases.get(attachment.hostLink()))
                .filter(lease -> lease.attachment().equals(attachment));
    }

    /** The lease that a host link belongs to. */
    public synchronized Optional<Lease> find(String hostLink) {
        return Optional.ofNullable(leases.get(hostLink));
    }

    /** All leases, in no order. */
    public synchronized List<Lease> leases() {
        return List.copyOf(leases.values());
    }

    /**
     * Takes one address of each range and writes the lease.
     *
     * @throws NoAddressException if a range has none; nothing is taken then
     * @throws IOException if the lease could not be written; nothing is taken then
     */
    public Lease acquire(LeaseRequest request) throws NoAddressException, IOException {
        List<Ip> ips = reserve();
        Instant now = Instant.ofEpochMilli(clock.millis());
        Lease made = new Lease(
                request.attachment(),
                request.pod(),
                ips,
                request.mtu(),
                request.netnsInode(),
                request.ports(),
                request.bandwidth(),
                now,
                bootId);
        try {
            folder.write(made);
        } catch (IOException e) {
            forgetFailed(made, e);
            throw e;
        }
        synchronized (this) {
            hold(made);
        }
        return made;
    }

    /** Undoes a write that failed. Where even that fails the addresses stay taken: better lost than given twice. */
    private synchronized void forgetFailed(Lease lease, IOException failure) {
        try {
            folder.forget(lease);
            lease.ips().forEach(ip -> holders.remove(ip, PENDING));
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Ends what belongs to a host link; its addresses rest for the quiet time. No lease: nothing to do.
     *
     * @throws IOException if the change could not be written; the lease stays then
     */
    public synchronized void release(String hostLink) throws IOException {
        Lease lease = leases.get(hostLink);
        if (lease != null) {
            rests(folder.rest(lease, clock.instant()));
            leases.remove(hostLink);
        }
        holders.values().removeIf(hostLink::equals);
    }

    private void rests(LeaseFolder.Resting rest) {
        rest.lease().ips().forEach(ip -> resting.put(ip, rest));
        released.add(rest);
    }

    /**
     * Removes the files of addresses that have rested. To be called now and then, not while a pod waits: nothing but
     * the number of files depends on it.
     *
     * @throws IOException if a file could not be removed; it is tried again
     */
    public void sweep() throws IOException {
        for (Optional<LeaseFolder.Resting> rest = nextRested(); rest.isPresent(); rest = nextRested()) {
            try {
                folder.forget(rest.get());
            } catch (IOException e) {
                synchronized (this) {
                    released.addFirst(rest.get());
                }
                throw e;
            }
        }
    }

    private synchronized Optional<LeaseFolder.Resting> nextRested() {
        Optional<LeaseFolder.Resting> rest =
                Optional.ofNullable(released.peek()).filter(this::hasRested);
        rest.ifPresent(over -> {
            released.remove();
            over.lease().ips().forEach(ip -> resting.remove(ip, over));
        });
        return rest;
    }

    private boolean hasRested(LeaseFolder.Resting rest) {
        return !rest.since().isAfter(clock.instant().minus(quiet));
    }

    /**
     * Keeps addresses from being given out that a link carries though no lease says so: its file was lost. They are
     * freed by {@link #release} of that link.
     */
    public synchronized void adopt(String hostLink, List<Ip> ips) {
        ips.forEach(ip -> holders.putIfAbsent(ip, hostLink));
    }

    /**
     * Releases the leases whose host link is not among these: an ADD that died before it made the link, or a DEL that
     * died after it had removed it.
     *
     * @return the leases released
     */
    public synchronized List<Lease> retain(Set<String> hostLinks) throws IOException {
        List<Lease> gone = leases.values().stream()
                .filter(lease -> !hostLinks.contains(lease.hostLink()))
                .toList();
        for (Lease lease : gone) {
            release(lease.hostLink());
        }
        return gone;
    }

    private synchronized List<Ip> reserve() throws NoAddressException {
        List<Ip> ips = new ArrayList<>();
        for (AddressRange range : ranges.values()) {
            Family family = range.cidr().family();
            Ip last = latest.getOrDefault(family, range.cidr().network());
            Optional<Ip> free = range.next(last, ip -> holders.containsKey(ip) || rests(ip));
            ips.add(free.or(() -> longestResting(range)).orElseThrow(() -> full(range)));
        }
        for (Ip ip : ips) {
            holders.put(ip, PENDING);
            latest.put(ip.family(), ip);
            resting.remove(ip);
        }
        return List.copyOf(ips);
    }

    private boolean rests(Ip ip) {
        LeaseFolder.Resting rest = resting.get(ip);
        return rest != null && !hasRested(rest);
    }

    private Optional<Ip> longestResting(AddressRange range) {
        Instant since = clock.instant().minus(LEAST_QUIET);
        return resting.entrySet().stream()
                .filter(entry -> range.cidr().contains(entry.getKey()) && !holders.containsKey(entry.getKey()))
                .filter(entry -> !entry.getValue().since().isAfter(since))
                .min(Comparator.comparing(entry -> entry.getValue().since()))
                .map(Map.Entry::getKey);
    }

    private NoAddressException full(AddressRange range) {
        long used = holders.keySet().stream().filter(range.cidr()::contains).count();
        long rests = resting.keySet().stream()
                .filter(ip -> range.cidr().contains(ip) && !holders.containsKey(ip))
                .count();
        String state = used + " of " + range.count() + " in use";
        return new NoAddressException("no free address in " + range.cidr() + ": " + state
                + (rests > 0
                        ? ", " + rests + " rest for " + LEAST_QUIET.toSeconds() + " s after their pods went"
                        : "; this node needs fewer pods or a larger podCIDR"));
    }

    private void hold(Lease lease) {
        leases.put(lease.hostLink(), lease);
        lease.ips().forEach(ip -> holders.put(ip, lease.hostLink()));
    }
}
