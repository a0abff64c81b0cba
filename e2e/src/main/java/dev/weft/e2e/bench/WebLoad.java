package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.Netns;
import dev.weft.e2e.process.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Those who ask, on a core of their own: wrk, h2load, and netbench for what needs another kind. */
final class WebLoad {
    private static final String PLAIN = IngressRoutes.plain().host();
    private static final String SOCKET = IngressRoutes.SOCKET.host();
    private static final int CONNECTIONS = 64; // as many as netbench opens
    private static final int SECURE_CONNECTIONS = 8;
    private static final int STREAMS = 32;

    private final Netns netns;
    private final int core;
    private final Netbench netbench;

    WebLoad(Netns netns, int core, Netbench netbench) {
        this.netns = netns;
        this.core = core;
        this.netbench = netbench;
    }

    /**
     * Where something is asked for.
     *
     * @param http {@code address:port}
     * @param https likewise
     */
    record Door(String http, String https) {}

    /** What a request waits for, from the moment at which it was due. */
    record Latencies(double p50Millis, double p99Millis, long failed) {}

    /** Small bodies over kept connections, as fast as they are answered. */
    WebRun small(Door door, int seconds) {
        return WebRun.ofWrk(run(List.of(
                "wrk",
                "-t1",
                "-c" + CONNECTIONS,
                "-d" + seconds + "s",
                "-H",
                "Host: " + PLAIN,
                "http://" + door.http() + "/")));
    }

    /** Small bodies, a fixed number a second. */
    Latencies steady(Door door, double perSecond, int seconds) {
        return latencies(netbench(
                "web", "--to", door.http(), "--host", PLAIN, "--rate", "" + perSecond, "--seconds", "" + seconds));
    }

    /** The same until the process is stopped; what it saw is in the file then. */
    Process steadyUntilStopped(Door door, double perSecond, Path log) {
        List<String> command = netbench.command(
                "web", "--to", door.http(), "--host", PLAIN, "--rate", "" + perSecond, "--seconds", "0");
        return Commands.background(netns.enter(pinned(command)), log);
    }

    /** Messages over WebSockets, a fixed number a second, each sent back. */
    Latencies messages(Door door, double perSecond, int seconds) {
        return latencies(netbench(
                "web",
                "--websocket",
                "--to",
                door.http(),
                "--host",
                SOCKET,
                "--rate",
                "" + perSecond,
                "--seconds",
                "" + seconds));
    }

    /** Messages over WebSockets, as fast as they come back. */
    WebRun messages(Door door, int seconds) {
        JsonNode result =
                netbench("web", "--websocket", "--to", door.http(), "--host", SOCKET, "--seconds", "" + seconds);
        return new WebRun(
                result.path("answered").asLong(), result.path("perSecond").asDouble(), failed(result));
    }

    /** Changes the route that can be changed, which leads to blue before and, if the count is even, after. */
    JsonNode changes(Door door, Change change, int count) {
        List<String> arguments = new ArrayList<>(List.of(
                "changes",
                "--to",
                door.http(),
                "--host",
                IngressRoutes.changed(0).host(),
                "--answers",
                "blue,green"));
        arguments.addAll(change.arguments());
        arguments.addAll(List.of("--count", "" + count));
        return netbench(arguments.toArray(String[]::new));
    }

    /** Writes Kubernetes objects. */
    void write(Path kubeconfig, Path objects) {
        netbench("objects-write", "--kubeconfig", kubeconfig.toString(), "--file", objects.toString());
    }

    /** Bodies of a megabyte; the rate is in megabytes, what is counted are answers. */
    WebRun large(Door door, int seconds) {
        JsonNode result =
                netbench("fetch", "--to", door.http(), "--host", PLAIN, "--path", "/1m", "--seconds", "" + seconds);
        return new WebRun(
                result.path("answers").asLong(),
                result.path("bytesPerSecond").asDouble() / 1e6,
                result.path("failed").asLong());
    }

    /** Full handshakes of TLS 1.3. */
    WebRun handshakes(Door door, int seconds) {
        JsonNode result = netbench(
                "handshakes", "--to", door.https(), "--name", IngressRoutes.TLS.host(), "--seconds", "" + seconds);
        return new WebRun(
                result.path("count").asLong(),
                result.path("perSecond").asDouble(),
                result.path("failed").asLong());
    }

    /** Small bodies over HTTP/2 and TLS, many at once on a few connections. */
    WebRun multiplexed(Door door, int seconds) {
        return WebRun.ofH2load(run(List.of(
                "h2load",
                "-t1",
                "-c" + SECURE_CONNECTIONS,
                "-m" + STREAMS,
                "-D" + seconds,
                "--connect-to=" + door.https(),
                "https://" + IngressRoutes.TLS.host() + "/")));
    }

    private static Latencies latencies(JsonNode result) {
        JsonNode took = result.path("took");
        return new Latencies(
                took.path("p50Micros").asDouble() / 1000, took.path("p99Micros").asDouble() / 1000, failed(result));
    }

    /** What {@code netbench web} tells of requests that failed. Connections that were closed while nothing was asked are none. */
    static long failed(JsonNode result) {
        return result.path("unanswered").asLong()
                + result.path("wrong").asLong()
                + result.path("reset").asLong()
                + result.path("refused").asLong();
    }

    private JsonNode netbench(String... arguments) {
        return Netbench.json(run(netbench.command(arguments)));
    }

    private String run(List<String> command) {
        return Commands.run(netns.enter(pinned(command)));
    }

    private List<String> pinned(List<String> command) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "--cpu-list", Integer.toString(core)));
        pinned.addAll(command);
        return pinned;
    }
}
