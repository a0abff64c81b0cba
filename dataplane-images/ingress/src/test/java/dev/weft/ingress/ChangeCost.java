package dev.weft.ingress;

import dev.weft.agent.Metrics;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.compile.Assembly;
import dev.weft.ingress.compile.Compiler;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.gateway.GatewayCompiler;
import dev.weft.ingress.nginx.IngressCompiler;
import dev.weft.ingress.nginx.SelfSigned;
import dev.weft.ingress.proxy.ProxyServer;
import dev.weft.ingress.proxy.ProxySettings;
import dev.weft.ingress.route.Routing;
import dev.weft.kube.Snapshot;
import dev.weft.testkit.FreePort;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Measures what a change costs between its being known and its being served, by stage, and what is kept in memory. Not a test:
 *
 * <pre>java -cp ... dev.weft.ingress.ChangeCost ingress|gateway ROUTES HOSTS [ROUNDS]</pre>
 */
@SuppressWarnings("SystemOut") // a program of its own
final class ChangeCost {
    private enum Stage {
        FEED,
        NGINX,
        GATEWAY,
        ASSEMBLY,
        SWAP
    }

    /** Values in nanoseconds. */
    private final Map<Stage, List<Long>> took = new EnumMap<>(Stage.class);

    private final Compiler nginx = new IngressCompiler(new IngressCompiler.Settings(
            Set.of("nginx"), FreePort.next(), FreePort.next(), Optional.empty(), SelfSigned.certificate("fallback")));
    private final Compiler gateway = new GatewayCompiler(ManyRoutes.SYSTEM);
    private final Assembly assembly = new Assembly();
    private final ProxyServer proxy = new ProxyServer(
            ProxySettings.standard(Runtime.getRuntime().availableProcessors()), new Metrics(), line -> {});
    private final ManyRoutes objects;
    private Cluster cluster = Cluster.EMPTY;
    private List<Part> parts = List.of();
    private Routing routing = Routing.EMPTY;

    private ChangeCost(ManyRoutes objects) {
        this.objects = objects;
        proxy.start();
        for (Stage stage : Stage.values()) {
            took.put(stage, new ArrayList<>());
        }
    }

    public static void main(String[] args) throws IOException {
        int routes = Integer.parseInt(args[1]);
        int hosts = Integer.parseInt(args[2]);
        int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 200;
        ManyRoutes objects = new ManyRoutes(args[0].equals("gateway"), routes, hosts);
        System.out.printf("%s: %d routes over %d hosts%n", args[0], routes, hosts);
        ChangeCost cost = new ChangeCost(objects);
        cost.everything();
        cost.print("all, cold");
        for (int i = 0; i < rounds / 10; i++) {
            cost.change(objects.route(i));
            cost.change(objects.slice(i));
            cost.change(objects.secret(i));
        }
        cost.took.values().forEach(List::clear);
        cost.memory("after start");
        cost.rounds("a route", rounds, objects::route);
        cost.rounds("an EndpointSlice", rounds, objects::slice);
        cost.rounds("a Secret", rounds, objects::secret);
        cost.memory("after changes");
        // Another process' worth of compilers, in a warm JVM.
        ChangeCost again = new ChangeCost(objects);
        again.everything();
        again.print("all, warm");
        again.proxy.close();
        cost.proxy.close();
    }

    private interface Changes {
        Kind<?> change(int round);
    }

    private void rounds(String what, int rounds, Changes changes) {
        for (int i = 0; i < rounds; i++) {
            change(changes.change(i * 7919));
        }
        print(what);
    }

    private void everything() {
        cluster = time(Stage.FEED, () -> {
            Cluster now = Cluster.EMPTY;
            for (Kind<?> kind : objects.kinds()) {
                now = with(now, kind);
            }
            return now;
        });
        compile();
    }

    private void change(Kind<?> kind) {
        cluster = time(Stage.FEED, () -> with(cluster, kind));
        compile();
    }

    /** As the feed does it: a copy of the store, then what is made of that. */
    private <T> Cluster with(Cluster of, Kind<T> kind) {
        return of.with(kind, new Snapshot<>(true, 1, objects.all(kind)).objects());
    }

    private void compile() {
        Part ingresses = time(Stage.NGINX, () -> nginx.compile(cluster));
        Part gateways = time(Stage.GATEWAY, () -> gateway.compile(cluster));
        parts = List.of(ingresses, gateways);
        routing = time(Stage.ASSEMBLY, () -> assembly.assemble(cluster, parts)).routing();
        time(Stage.SWAP, () -> proxy.swap(routing));
    }

    private <T> T time(Stage stage, Supplier<T> work) {
        long began = System.nanoTime();
        T result = work.get();
        took.getOrDefault(stage, new ArrayList<>()).add(System.nanoTime() - began);
        return result;
    }

    private void print(String what) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-18s", what));
        int rounds = took.getOrDefault(Stage.SWAP, List.of()).size();
        long[] sums = new long[rounds];
        took.forEach((stage, times) -> {
            long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
            for (int i = 0; i < rounds; i++) {
                sums[i] += times.get(i);
            }
            line.append(String.format(
                    Locale.ROOT,
                    " %s %.2f/%.2f",
                    stage.name().toLowerCase(Locale.ROOT),
                    at(sorted, 50),
                    at(sorted, 99)));
            times.clear();
        });
        Arrays.sort(sums);
        System.out.printf(Locale.ROOT, "%s | sum %.2f/%.2f ms (p50/p99)%n", line, at(sums, 50), at(sums, 99));
    }

    private static double at(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
    }

    private void memory(String when) throws IOException {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        String rss = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElse("");
        System.out.printf(
                Locale.ROOT,
                "memory %s: heap %.1f MB, %s; ports %d, upstreams %d%n",
                when,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6,
                rss,
                routing.ports().size(),
                routing.upstreams().size());
    }
}
