package dev.weft.e2e.bench;

import dev.weft.e2e.Labs;
import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.lab.TemporaryLab;
import dev.weft.e2e.peers.Installers;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import dev.weft.e2e.weft.Release;
import dev.weft.e2e.weft.Weft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code make bench NAME=service-proxy}: Services by Weft and by kube-proxy in nftables mode, one after the other on the
 * same node of the same cluster, with the same Services. Services have no selectors; they and their EndpointSlices are
 * written to a real API server by netbench.
 *
 * <p>All times are seen from outside, by connections, so they are measured the same way whatever is in the kernel:
 *
 * <ul>
 *   <li>Cold start: from the start of the process, on a node whose kernel knows no Service, until the first, the last and
 *       256 more Services, chosen by chance, have answered; one that answers is not asked again. Then all are tried once.
 *       How long the full sync took of it the proxies tell themselves; the rest is the start of the process, and reading
 *       Services from the API server.
 *   <li>Programming latency: 10 EndpointSlices a second get other endpoints. From the API server's answer until a
 *       connection through the Service is answered by one of the new endpoints; tried each millisecond, later at
 *       intervals of a fiftieth of the time that has passed.
 *   <li>CPU: user and system time of the process and of those it started, over these changes.
 *   <li>Connect latency, connections and throughput: through the last Service, from one network namespace to another;
 *       also as a share of what there is straight to an endpoint in the moments between.
 * </ul>
 *
 * <p>What a proxy does not manage is a figure of it, never the end of the run.
 */
final class ServiceProxyBench {
    private static final LabName LAB = new LabName("bench-services");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /**
     * @param sizes in this order
     * @param rounds how often each is measured
     * @param seconds of changes
     * @param only the proxy to measure, or empty for all
     * @param ready is run before each size is measured, once its Services are written
     */
    record Settings(List<ServiceCount> sizes, int rounds, int seconds, String only, Runnable ready) {
        Settings {
            sizes = List.copyOf(sizes);
        }
    }

    private final CacheRoot cache;
    private final Release release;
    private final Settings settings;
    private final Progress progress;
    private final Measurements measurements = new Measurements();

    ServiceProxyBench(CacheRoot cache, Release release, Settings settings, Progress progress) {
        this.cache = cache;
        this.release = release;
        this.settings = settings;
        this.progress = progress;
    }

    Measurements run() {
        DebianPackages packages = new DebianPackages(progress);
        packages.require(Map.of("/usr/bin/pgrep", "procps", "/usr/bin/curl", "curl"));
        ProgramCache programs = new ProgramCache(cache, progress);
        Netbench netbench = new Netbench(programs.program(GoModule.NETBENCH, "netbench"));
        try (TemporaryLab _ = TemporaryLab.begin(LAB, cache, progress, false);
                Lab lab = new Labs(cache, progress).up(new LabSpec(LAB, 1, Set.of(), release.archives()))) {
            Node node = lab.node(new NodeName(1));
            lab.enableForwarding(node.name());
            ServiceBed bed = new ServiceBed(lab, node, netbench);
            bed.make();
            List<ServiceProxy> proxies = proxies(lab, node, new LabImages(cache, programs), packages, programs);
            for (ServiceCount count : settings.sizes()) {
                progress.step("writing " + count + " Services and EndpointSlices");
                bed.write(count, progress);
                settings.ready().run();
                for (int round = 1; round <= settings.rounds(); round++) {
                    for (ServiceProxy proxy : proxies) {
                        progress.step("%s Services, round %d: %s".formatted(count, round, proxy.name()));
                        new ServiceTurn(bed, node, proxy, count, settings.seconds(), measurements, progress).take();
                    }
                }
            }
        }
        return measurements;
    }

    private List<ServiceProxy> proxies(
            Lab lab, Node node, LabImages images, DebianPackages packages, ProgramCache programs) {
        List<ServiceProxy> proxies = new ArrayList<>();
        if (!settings.only().equals("kube-proxy")) {
            Weft weft = new Weft(lab);
            weft.installWithoutServices();
            weft.install(release);
            weft.apply("{}");
            weft.awaitReady(PATIENCE);
            proxies.add(new WeftServices(weft, node));
        }
        if (!settings.only().equals(Measurements.WEFT)) {
            proxies.add(new KubeProxyService(
                    lab,
                    node,
                    Installers.of(Set.of(Peer.KUBE_PROXY), images, packages, programs)
                            .getFirst()));
        }
        return proxies;
    }
}
