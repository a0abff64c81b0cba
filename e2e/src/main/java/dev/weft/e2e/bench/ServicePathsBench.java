package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.Labs;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.lab.TemporaryLab;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import dev.weft.e2e.weft.Release;
import dev.weft.e2e.weft.Weft;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code make bench NAME=service-paths}: what a connection through one of many Services costs, by Weft and by kube-proxy in
 * nftables mode. Both stand at once, each in a cluster of its own with Weft's pod network and the same Services, and are
 * asked in turns of half a second: what else the machine does meets both alike. Reported are the medians, and the median of
 * the ratios of neighbours with its 95 % interval.
 */
final class ServicePathsBench {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PATIENCE_FOR_SERVICE = Duration.ofMillis(30);
    private static final String SECONDS = "0.5";
    private static final String KUBE_PROXY = "kube-proxy nftables";
    private static final String STRAIGHT = "no Service";
    private static final LabName WEFT_LAB = new LabName("paths-weft");
    private static final LabName PEER_LAB = new LabName("paths-peer");

    /** What is measured, in one turn. */
    private enum Load {
        CONNECTIONS("connections, 8 at once", "1/s"),
        CONNECT("connections, one by one", "1/s"),
        STREAM("one TCP stream", "Gbit/s");

        private final String what;
        private final String unit;

        Load(String what, String unit) {
            this.what = what;
            this.unit = unit;
        }

        double on(ServiceBed bed, String to) {
            JsonNode figures = bed.run(
                    switch (this) {
                        case CONNECTIONS -> List.of("connect", "--to", to, "--seconds", SECONDS, "--parallel", "8");
                        case CONNECT -> List.of("connect", "--to", to, "--seconds", SECONDS);
                        case STREAM -> List.of("stream", "--to", to, "--seconds", SECONDS);
                    });
            return figures.path(this == STREAM ? "gbitPerSecond" : "perSecond").asDouble();
        }
    }

    /** Somewhere to connect to. */
    private record Path(String name, ServiceBed bed, String to) {}

    private final CacheRoot cache;
    private final Release release;
    private final List<ServiceCount> sizes;
    private final int rounds;
    private final Progress progress;
    private final Measurements measurements = new Measurements();

    /** @param rounds turns of each */
    ServicePathsBench(CacheRoot cache, Release release, List<ServiceCount> sizes, int rounds, Progress progress) {
        this.cache = cache;
        this.release = release;
        this.sizes = List.copyOf(sizes);
        this.rounds = rounds;
        this.progress = progress;
    }

    Measurements run() {
        new DebianPackages(progress).require(Map.of("/usr/bin/pgrep", "procps"));
        Netbench netbench = new Netbench(new ProgramCache(cache, progress).program(GoModule.NETBENCH, "netbench"));
        try (TemporaryLab _ = TemporaryLab.begin(WEFT_LAB, cache, progress, false);
                TemporaryLab _ = TemporaryLab.begin(PEER_LAB, cache, progress, false);
                Lab ours = lab(WEFT_LAB, Set.of());
                Lab theirs = lab(PEER_LAB, Set.of(Peer.KUBE_PROXY))) {
            ServiceBed weft = bed(ours, "{}", netbench);
            ServiceBed peer = bed(theirs, "{serviceProxy: {managementState: Unmanaged}}", netbench);
            for (ServiceCount count : sizes) {
                progress.step(count + " Services, written to both");
                for (ServiceBed bed : List.of(weft, peer)) {
                    bed.write(count, progress);
                    long patience = PATIENCE.plus(PATIENCE_FOR_SERVICE.multipliedBy(count.services()))
                            .toSeconds();
                    bed.services("await", count, "--patience", patience + "s");
                    bed.forgetConnections();
                }
                String to = count.lastAddress() + ":80";
                List<Path> paths = List.of(
                        new Path(Measurements.WEFT, weft, to),
                        new Path(KUBE_PROXY, peer, to),
                        new Path(STRAIGHT, weft, ServiceBed.STRAIGHT));
                for (Load load : Load.values()) {
                    take(load, count, paths);
                }
            }
        }
        return measurements;
    }

    private void take(Load load, ServiceCount count, List<Path> paths) {
        Paired withPeer = new Paired();
        Paired withStraight = new Paired();
        Metric metric = named(load, ", last of " + count, load.unit);
        for (int round = 0; round < rounds; round++) {
            double[] figures = new double[paths.size()];
            // Whoever is first in one round is last in the next.
            for (int i = 0; i < figures.length; i++) {
                int turn = (i + round) % figures.length;
                Path path = paths.get(turn);
                figures[turn] = load.on(path.bed(), path.to());
                measurements.add(metric, path.name(), figures[turn]);
            }
            withPeer.add(figures[0], figures[1]);
            withStraight.add(figures[0], figures[2]);
        }
        add(named(load, " of kube-proxy's, " + count, "%"), withPeer);
        add(named(load, " of those straight, " + count, "%"), withStraight);
    }

    private void add(Metric metric, Paired paired) {
        measurements.add(metric, Measurements.WEFT, 100 * paired.median());
        for (boolean low : new boolean[] {true, false}) {
            measurements.add(
                    new Metric(metric.name() + (low ? ", from" : ", to"), metric.unit(), metric.better()),
                    Measurements.WEFT,
                    100 * (low ? paired.low() : paired.high()));
        }
        progress.step("  %s: %.1f %% (95 %% interval %.1f to %.1f)"
                .formatted(metric.name(), 100 * paired.median(), 100 * paired.low(), 100 * paired.high()));
    }

    private static Metric named(Load load, String more, String unit) {
        return Metric.higher(load.what + more, unit);
    }

    private Lab lab(LabName name, Set<Peer> peers) {
        progress.step("a fresh cluster: " + name);
        return new Labs(cache, progress).up(new LabSpec(name, 1, peers, release.archives()));
    }

    private ServiceBed bed(Lab lab, String spec, Netbench netbench) {
        Weft weft = new Weft(lab);
        if (lab.spec().peers().isEmpty()) {
            weft.installWithoutServices();
        }
        weft.install(release);
        weft.apply(spec);
        weft.awaitReady(PATIENCE);
        Node node = lab.node(new NodeName(1));
        lab.enableForwarding(node.name());
        ServiceBed bed = new ServiceBed(lab, node, netbench);
        bed.make();
        return bed;
    }
}
