package dev.weft.kube;

import dev.weft.agent.Health;
import dev.weft.agent.HealthServer;
import dev.weft.agent.Metrics;
import dev.weft.agent.ProcessMetrics;
import dev.weft.agent.Shutdown;
import dev.weft.agent.SyncLoop;
import dev.weft.agent.SyncTiming;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The smallest node process there can be: watches Nodes, serves its pages, does nothing. Its resident memory is the floor
 * under every agent; the README of {@code agent} has the numbers.
 */
final class IdleAgent {
    private IdleAgent() {}

    /**
     * {@code serve FOLDER NODES} runs a scripted API server, {@code watch URL CA} an agent; both until SIGTERM.
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("serve")) {
            serve(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
        } else {
            watch(URI.create(arguments[1]), Path.of(arguments[2]));
        }
    }

    private static void serve(Path folder, int nodes) throws Exception {
        Shutdown shutdown = new Shutdown(Duration.ofSeconds(5));
        TestAuthority authority = TestAuthority.create(folder, "ip:127.0.0.1");
        FakeApi api = shutdown.add("api", new FakeApi(authority.server()));
        api.hold();
        for (int i = 0; i < nodes; i++) {
            api.put("node-" + i, "10." + i / 256 + "." + i % 256 + ".0/24", true);
        }
        shutdown.install();
        System.out.println(api.uri() + " " + authority.pem());
        shutdown.await();
    }

    private static void watch(URI server, Path ca) throws IOException, InterruptedException {
        Shutdown shutdown = new Shutdown(Duration.ofSeconds(5));
        Metrics metrics = new Metrics();
        ProcessMetrics.register(metrics);
        KubeClient client = shutdown.add(
                "kube",
                new KubeClient(new KubeConfig(
                        List.of(server),
                        Optional.empty(),
                        Optional.of(ca),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30))));
        Watcher<Node> watcher = shutdown.add("nodes", new Watcher<>(client, KindSpec.nodes()));
        WatchMetrics.register(metrics, watcher);
        SyncLoop loop = shutdown.add(
                "loop",
                new SyncLoop(
                        "idle",
                        SyncTiming.of(Duration.ofSeconds(1), Duration.ofMinutes(1)),
                        request -> watcher.store().snapshot()));
        watcher.store().onChange(change -> loop.trigger("nodes"));
        Health health = new Health().live("loop", () -> loop.liveness(Duration.ofMinutes(1)));
        HealthServer pages = shutdown.add(
                "pages",
                new HealthServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), health, metrics, () -> "{}"));
        watcher.start();
        loop.start();
        shutdown.install();
        System.out.println("http://127.0.0.1:" + pages.port());
        shutdown.await();
    }
}
