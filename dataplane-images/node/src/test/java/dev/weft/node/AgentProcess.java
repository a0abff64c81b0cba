package dev.weft.node;

import dev.weft.config.ConfigJson;
import dev.weft.config.NodeConfig;
import dev.weft.config.NodeStatus;
import dev.weft.kube.KubeConfig;
import dev.weft.linux.Netns;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An agent in a process of its own, in a node's namespace, with folders of its own. Also that process's main. */
final class AgentProcess {
    private static final int PORT = 9470;

    private final String node;
    private final TestNetns netns;
    private final Path root;
    private final Process process;

    private AgentProcess(String node, TestNetns netns, Path root, Process process) {
        this.node = node;
        this.netns = netns;
        this.root = root;
        this.process = process;
    }

    /** The process: the node's name, its folders' root, {@code agent} or {@code cleanup}. */
    public static void main(String[] args) throws Exception {
        NodePaths paths = paths(Path.of(args[1]));
        NodeIdentity identity = new NodeIdentity(args[0], "weft-node-" + args[0], "weft-system");
        InetSocketAddress http = new InetSocketAddress(PORT);
        if (args[2].equals("cleanup")) {
            CleanupCommand.start(paths, identity, "0.1.0", http).await();
            return;
        }
        NodeConfig config = ConfigJson.readConfig(Files.readString(paths.config()));
        Agent.start(paths, identity, config, KubeConfig.anonymous(config.apiServers()), http)
                .await();
    }

    static NodePaths paths(Path root) {
        return HostFilesTest.testPaths(root);
    }

    static AgentProcess start(String node, TestNetns netns, Path root, NodeConfig config, String command)
            throws IOException {
        Files.createDirectories(root);
        Files.writeString(paths(root).config(), ConfigJson.write(config));
        Files.writeString(paths(root).shimImage(), "program");
        Process process = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        netns.name(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        AgentProcess.class.getName(),
                        node,
                        root.toString(),
                        command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(root.resolve("log").toFile()))
                .start();
        return new AgentProcess(node, netns, root, process);
    }

    /** What a page answers: code and body; code 0 while nobody listens. */
    record Page(int code, String body) {}

    Page get(String path) throws IOException {
        try (Netns open = Netns.open(netns.path())) {
            return open.call(() -> {
                try {
                    HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + PORT + path)
                            .toURL()
                            .openConnection();
                    connection.setReadTimeout(5000);
                    int code = connection.getResponseCode();
                    try (var in = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                        return new Page(code, new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                } catch (IOException e) {
                    return new Page(0, String.valueOf(e.getMessage()));
                }
            });
        }
    }

    boolean isReady() throws IOException {
        return get("/readyz").code() == 200;
    }

    NodeStatus status() throws IOException {
        return ConfigJson.readStatus(get("/status").body());
    }

    String log() throws IOException {
        return Files.readString(root.resolve("log"));
    }

    NodePaths paths() {
        return paths(root);
    }

    String node() {
        return node;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM, without waiting for what it does. */
    void terminate() {
        process.destroy();
    }

    /** SIGTERM; false if it does not end in time. */
    boolean stop() throws InterruptedException {
        terminate();
        return process.waitFor(40, TimeUnit.SECONDS);
    }
}
