package dev.weft.cni.probe;

import dev.weft.config.NodeStatus;
import dev.weft.net.Family;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the probes, by target. It knows no sockets and no clock. For several threads.
 */
final class ProbeBook {
    private record Key(String node, Family family) {}

    private record Asked(Key key, boolean full) {}

    private static final class Entry {
        private ProbeTarget target;
        private boolean judged;
        private boolean ok;
        private long sent;
        private long lost;
        private Instant lastAnswered = Instant.EPOCH;
        private final RecentTimes times = new RecentTimes();
        private String message = "not probed yet";
        private int failedRounds;
        private boolean smallAnswered;
        private boolean fullAnswered;
        private String sendFailure = "";
        private int fullSize;
        private int tcpFailures;
        private boolean tcpPassed;

        Entry(ProbeTarget target) {
            this.target = target;
        }
    }

    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    private final Map<Long, Asked> open = new HashMap<>();
    private final Map<String, Integer> peerMtus = new HashMap<>();

    /** Sets whom to probe; what is known of those that stay is kept. */
    synchronized void targets(Collection<ProbeTarget> targets) {
        Map<Key, Entry> kept = new LinkedHashMap<>();
        for (ProbeTarget target : targets) {
            Key key = new Key(target.node(), target.family());
            Entry entry = entries.getOrDefault(key, new Entry(target));
            entry.target = target;
            kept.put(key, entry);
        }
        entries.clear();
        entries.putAll(kept);
        peerMtus.keySet().retainAll(targets.stream().map(ProbeTarget::node).toList());
    }

    synchronized List<ProbeTarget> targets() {
        return entries.values().stream().map(entry -> entry.target).toList();
    }

    synchronized void roundBegins() {
        for (Entry entry : entries.values()) {
            entry.smallAnswered = false;
            entry.fullAnswered = false;
            entry.sendFailure = "";
        }
    }

    /**
     * @param full whether it has the largest size that should pass
     * @param size bytes of the whole IP packet
     */
    synchronized void asked(long sequence, ProbeTarget target, boolean full, int size) {
        Key key = new Key(target.node(), target.family());
        Entry entry = entries.get(key);
        if (entry != null) {
            open.put(sequence, new Asked(key, full));
            entry.sent++;
            if (full) {
                entry.fullSize = size;
            }
        }
    }

    /** The kernel refused to send. */
    synchronized void refused(ProbeTarget target, String why) {
        Entry entry = entries.get(new Key(target.node(), target.family()));
        if (entry != null) {
            entry.sendFailure = why;
        }
    }

    /** An answer came; one that nobody waits for is ignored. */
    synchronized void answered(ProbeMessage answer, Instant at, Duration roundTrip) {
        Asked asked = open.remove(answer.sequence());
        Entry entry = asked == null ? null : entries.get(asked.key());
        if (asked == null || entry == null) {
            return;
        }
        peerMtus.put(asked.key().node(), answer.podMtu());
        entry.lastAnswered = at;
        entry.times.add(Math.max(1, roundTrip.toNanos() / 1000));
        if (asked.full()) {
            entry.fullAnswered = true;
        } else {
            entry.smallAnswered = true;
        }
    }

    /** A check of TCP ended. */
    synchronized void tcpEnded(ProbeTarget target, boolean passed) {
        Entry entry = entries.get(new Key(target.node(), target.family()));
        if (entry != null) {
            entry.tcpFailures = passed ? 0 : entry.tcpFailures + 1;
            entry.tcpPassed |= passed;
        }
    }

    /** What the latest round says of hardware checksums. */
    synchronized List<ChecksumJudge.Evidence> evidence() {
        return entries.values().stream()
                .map(entry -> new ChecksumJudge.Evidence(
                        entry.target, entry.fullAnswered, entry.tcpFailures, entry.tcpPassed))
                .toList();
    }

    /** From now on the paths differ from what they were. */
    synchronized void forgetTcp() {
        for (Entry entry : entries.values()) {
            entry.tcpFailures = 0;
            entry.tcpPassed = false;
        }
    }

    /** Whether a round can be judged before its time is over. */
    synchronized boolean allAnswered() {
        return open.isEmpty();
    }

    /** A round is over: what is still open is lost, an answer that comes later is none. Judges each target. */
    synchronized void roundEnds() {
        for (Asked asked : open.values()) {
            Entry entry = entries.get(asked.key());
            if (entry != null) {
                entry.lost++;
            }
        }
        open.clear();
        for (Entry entry : entries.values()) {
            if (!entry.fullAnswered) {
                entry.tcpFailures = 0; // nothing got through: that says nothing of TCP
            }
            entry.judged = true;
            entry.ok = entry.fullAnswered && entry.tcpFailures == 0;
            entry.failedRounds = entry.ok ? 0 : entry.failedRounds + 1;
            entry.message = entry.ok ? "" : complaint(entry);
        }
    }

    private static String complaint(Entry entry) {
        String rounds = entry.failedRounds == 1 ? "" : " in " + entry.failedRounds + " rounds";
        if (entry.fullAnswered) {
            return "single packets pass, but TCP data to " + entry.target.address() + " does not" + rounds
                    + ": network hardware that computes wrong checksums, or a firewall";
        }
        if (entry.smallAnswered) {
            return "small packets pass, those of " + entry.fullSize + " bytes are lost" + rounds
                    + ": the MTU of the path to " + entry.target.address() + " is smaller"
                    + (entry.sendFailure.isEmpty() ? "" : " (" + entry.sendFailure + ")");
        }
        return "no answer from " + entry.target.address() + rounds
                + (entry.sendFailure.isEmpty() ? "" : ": " + entry.sendFailure);
    }

    /** Whether some target was not well when last judged, or has not been judged. */
    synchronized boolean anyFailing() {
        return entries.values().stream().anyMatch(entry -> !entry.judged || !entry.ok);
    }

    /** Pod MTUs that other nodes told, by node name. */
    synchronized Map<String, Integer> peerMtus() {
        return Map.copyOf(peerMtus);
    }

    /** The results, by node and family. */
    synchronized List<NodeStatus.Probe> results() {
        List<NodeStatus.Probe> probes = new ArrayList<>();
        for (Entry entry : entries.values()) {
            probes.add(new NodeStatus.Probe(
                    entry.target.node(),
                    entry.target.family() == Family.IPV4 ? "IPv4" : "IPv6",
                    entry.target.path().label(),
                    entry.ok,
                    entry.sent,
                    entry.lost,
                    entry.lastAnswered,
                    entry.times.median(),
                    entry.message));
        }
        probes.sort(Comparator.comparing(NodeStatus.Probe::node).thenComparing(NodeStatus.Probe::family));
        return probes;
    }
}
