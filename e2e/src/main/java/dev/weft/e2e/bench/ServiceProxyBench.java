package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.Labs;
import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.Peer;
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
 *   <li>Programming latency: 10 EndpointSlices a second get other endpoints. From the API server's answer until a
 *       connection through the Service is answered by one of the new endpoints; tried each millisecond, later at
 *       intervals of a fiftieth of the time that has passed.
 *   <li>CPU: user and system time of the process and of those it started, over these changes.
 *   <li>Connect latency, connections and throughput: through the last Service, from one network namespace to another.
 * </ul>
 */
final class ServiceProxyBench {
    private static final LabName LAB = new LabName("bench-services");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CHANGES_PER_SECOND = 10;

    /**
     * @param sizes in this order
     * @param rounds how often each is measured
     * @param seconds of changes
     * @param only the proxy to measure, or empty for all
     */
    record Settings(List<ServiceCount> sizes, int rounds, int seconds, String only) {
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
        packages.require(Map.of("/usr/bin/pgrep", "procps"));
        ProgramCache programs = new ProgramCache(cache, progress);
        Netbench netbench = new Netbench(programs.program(GoModule.NETBENCH, "netbench"));
        Lab.down(LAB, cache, progress);
        try (Lab lab = new Labs(cache, progress).up(new LabSpec(LAB, 1, Set.of(), release.archives()))) {
            Node node = lab.node(new NodeName(1));
            lab.enableForwarding(node.name());
            ServiceBed bed = new ServiceBed(lab, node, netbench);
            bed.make();
            List<ServiceProxy> proxies = proxies(lab, node, new LabImages(cache, programs), packages, programs);
            for (ServiceCount count : settings.sizes()) {
                progress.step("writing " + count + " Services and EndpointSlices");
                bed.services("write", count);
                for (int round = 1; round <= settings.rounds(); round++) {
                    for (ServiceProxy proxy : proxies) {
                        progress.step("%s Services, round %d: %s".formatted(count, round, proxy.name()));
                        measure(new ProcessFigures(node), bed, proxy, count);
                    }
                }
            }
        } finally {
            Lab.down(LAB, cache, progress);
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

    private void measure(ProcessFigures figures, ServiceBed bed, ServiceProxy proxy, ServiceCount count) {
        proxy.start();
        try {
            long done = bed.services("await", count).path("doneUnixMillis").asLong();
            long pid = proxy.pid();
            add(proxy, Metric.lower("cold start, " + count, "s"), (done - figures.startUnixMillis(pid)) / 1000.0);
            JsonNode sweep = bed.services("sweep", count);
            add(
                    proxy,
                    Metric.lower("Services that do not answer, " + count, ""),
                    sweep.path("wrong").asDouble());
            if (sweep.path("wrong").asInt() > 0) {
                progress.step("  " + sweep);
            }
            add(proxy, Metric.lower("RSS after it, " + count, "MB"), figures.residentMegabytes(pid));
            traffic(bed, proxy, count);
            churn(figures, bed, proxy, count, pid);
        } finally {
            proxy.stop();
        }
    }

    private void traffic(ServiceBed bed, ServiceProxy proxy, ServiceCount count) {
        String last = count.lastAddress() + ":80";
        JsonNode one = bed.run(List.of("connect", "--to", last, "--seconds", "3"));
        add(
                proxy,
                Metric.lower("connect p50, last of " + count, "us"),
                one.path("connect").path("p50Micros").asDouble());
        add(
                proxy,
                Metric.lower("connect p99, last of " + count, "us"),
                one.path("connect").path("p99Micros").asDouble());
        JsonNode many = bed.run(List.of("connect", "--to", last, "--seconds", "3", "--parallel", "8"));
        add(
                proxy,
                Metric.higher("connections, last of " + count, "1/s"),
                many.path("perSecond").asDouble());
        add(
                proxy,
                Metric.lower("connections that failed, last of " + count, ""),
                one.path("failed").asDouble() + many.path("failed").asDouble());
        JsonNode stream = bed.run(List.of("stream", "--to", last, "--seconds", "3"));
        add(
                proxy,
                Metric.higher("one TCP stream, last of " + count, "Gbit/s"),
                stream.path("gbitPerSecond").asDouble());
    }

    private void churn(ProcessFigures figures, ServiceBed bed, ServiceProxy proxy, ServiceCount count, long pid) {
        double before = figures.cpuSeconds(pid);
        JsonNode churn = bed.services(
                "churn",
                count,
                "--rate",
                String.valueOf(CHANGES_PER_SECOND),
                "--seconds",
                String.valueOf(settings.seconds()));
        double used = figures.cpuSeconds(pid) - before;
        int changes = churn.path("changes").asInt();
        JsonNode programming = churn.path("programming");
        add(
                proxy,
                Metric.lower("programming p50, " + count, "ms"),
                programming.path("p50Micros").asDouble() / 1000);
        add(
                proxy,
                Metric.lower("programming p99, " + count, "ms"),
                programming.path("p99Micros").asDouble() / 1000);
        add(
                proxy,
                Metric.lower("changes not seen in a minute, " + count, ""),
                churn.path("late").asDouble());
        add(proxy, Metric.lower("CPU of 1000 changes, " + count, "s"), used * 1000 / changes);
        add(proxy, Metric.lower("RSS after changes, " + count, "MB"), figures.residentMegabytes(pid));
        bed.services("churn", count, "--undo", String.valueOf(changes));
    }

    private void add(ServiceProxy proxy, Metric metric, double figure) {
        measurements.add(metric, proxy.name(), figure);
    }
}
