package dev.weft.e2e.lab;

import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.process.Commands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One node: its own network, mount, PID, UTS and IPC namespaces, containerd and a kubelet. Process 1 of the PID
 * namespace is {@code node-init.sh}; when it ends the kernel ends all of the node, pods included.
 */
public final class Node {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    /** The disk's size in bytes; the file is sparse. */
    private static final String DISK_SIZE = "40G";

    private final LabName lab;
    private final NodeName name;
    private final LabPaths paths;
    private final LabPrograms programs;

    Node(LabName lab, NodeName name, LabPaths paths, LabPrograms programs) {
        this.lab = lab;
        this.name = name;
        this.paths = paths;
        this.programs = programs;
    }

    public NodeName name() {
        return name;
    }

    /** Starts the node up to containerd; makes its disk if it has none. Its network is there already. */
    void boot() {
        Path folder = folder();
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve("ready"));
            Files.deleteIfExists(folder.resolve("pid"));
            try (InputStream script = Node.class.getResourceAsStream("node-init.sh")) {
                Files.copy(
                        Objects.requireNonNull(script, "node-init.sh"),
                        folder.resolve("init.sh"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder of " + name, e);
        }
        if (!Files.exists(folder.resolve("disk.img"))) {
            makeDisk(folder.resolve("disk.img"));
        }
        LabPaths.write(folder.resolve("containerd.toml"), NodeConfigs.containerd());
        LabPaths.write(folder.resolve("kubelet.yaml"), NodeConfigs.kubelet(lab.cgroup(name), paths.pki("ca.crt")));
        Commands.background(
                lab.node(name)
                        .enter(List.of(
                                "env",
                                "NODE=" + name,
                                "DIR=" + folder,
                                "CGROUP=" + lab.cgroup(name),
                                "SHARED=" + shared(),
                                "unshare",
                                "--mount",
                                "--uts",
                                "--ipc",
                                "--pid",
                                "--fork",
                                "--kill-child",
                                "bash",
                                folder.resolve("init.sh").toString())),
                log("init"));
        await("its namespaces; see " + log("init"), () -> Files.exists(folder.resolve("ready")));
        startContainerd();
    }

    void startContainerd() {
        // Run by its short name: containerd finds its shim and runc on the PATH.
        start("containerd", List.of(programs.containerd("containerd"), "--config", folder() + "/containerd.toml"));
        Path socket = Path.of("/proc/" + pid() + "/root/run/containerd/containerd.sock");
        await("containerd; see " + log("containerd"), () -> Files.exists(socket));
    }

    void startKubelet() {
        startKubelet(name.ipv4() + "," + name.ipv6());
    }

    void startKubelet(String addresses) {
        start(
                "kubelet",
                List.of(
                        programs.kubernetes("kubelet"),
                        "--kubeconfig",
                        paths.kubeconfig(Credentials.fileName(Credentials.user(name)))
                                .toString(),
                        "--config",
                        folder() + "/kubelet.yaml",
                        "--hostname-override",
                        name.value(),
                        "--node-labels",
                        "topology.kubernetes.io/zone=" + name.zone(),
                        "--node-ip",
                        addresses));
    }

    /** Starts a program inside the node; its output goes to the file {@code <node>-<program>.log}. */
    public void start(String program, List<String> command) {
        List<String> recorded =
                new ArrayList<>(List.of("sh", "-c", "echo $$ > /run/" + program + ".pid; exec \"$@\"", program));
        recorded.addAll(command);
        Commands.background(enter(recorded), log(program));
    }

    /** Ends a program started by {@link #start} at once, as a crash does. */
    public void kill(String program) {
        Commands.run(enter(List.of("sh", "-c", "kill -9 $(cat /run/" + program + ".pid)")));
    }

    /**
     * Runs a command inside all of the node's namespaces.
     *
     * @return what it printed
     * @throws CommandFailedException if it ends with a code other than 0
     */
    public String exec(String... command) {
        return Commands.run(enter(List.of(command)));
    }

    /** Writes a file inside the node; its folder exists. The file appears at once and whole. */
    public void write(String file, String content) {
        Commands.run(
                enter(List.of("sh", "-c", "cat > \"$1.new\" && mv \"$1.new\" \"$1\"", "write", file)),
                Map.of(),
                content);
    }

    /** A program of the Kubernetes release, by its path inside and outside of the node. */
    public String kubernetesProgram(String program) {
        return programs.kubernetes(program);
    }

    /** Whether the node's process 1 runs. */
    public boolean isUp() {
        return Files.exists(folder().resolve("pid"))
                && lab.node(name).exists()
                && lab.node(name).processes().contains(pid());
    }

    /** Imports OCI archives, so that pods find their images. */
    public void load(List<Path> archives) {
        for (Path archive : archives) {
            // The archive may be anywhere on the host; the node sees it through its standard input.
            List<String> command = enter(
                    List.of(programs.containerd("ctr"), "--namespace", "k8s.io", "images", "import", "--local", "-"));
            String line = command.stream().map(Node::quote).collect(Collectors.joining(" "));
            Commands.run(
                    "sh", "-c", line + " < " + quote(archive.toAbsolutePath().toString()));
        }
    }

    /** Gives an image of the node another name. */
    public void tag(String image, String name) {
        exec("ctr", "--namespace", "k8s.io", "images", "tag", image, name);
    }

    /** The names of the images that the node has, a line each. */
    public List<String> images() {
        return exec("ctr", "--namespace", "k8s.io", "images", "list", "--quiet")
                .lines()
                .toList();
    }

    /** Ends everything that runs on the node, at once, as a power cut does. Network and disk stay. */
    void powerOff() {
        Netns netns = lab.node(name);
        await("the end of its processes", () -> {
            List<Long> inside = netns.processes();
            inside.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            return inside.isEmpty();
        });
    }

    /** The command line that runs a command inside the node. */
    public List<String> enter(List<String> command) {
        List<String> entered = new ArrayList<>(List.of(
                "nsenter",
                "--target",
                String.valueOf(pid()),
                "--mount",
                "--uts",
                "--ipc",
                "--net",
                "--pid",
                "--wd",
                "--",
                "env",
                "PATH=" + programs.containerd() + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        entered.addAll(command);
        return entered;
    }

    /** The file that a program of the node logs to. */
    public Path log(String program) {
        return paths.log(name + "-" + program);
    }

    /** The node's process 1, by its id on the host. */
    private long pid() {
        return Long.parseLong(LabPaths.read(folder().resolve("pid")));
    }

    private Path folder() {
        return paths.node(name);
    }

    private String shared() {
        return Stream.of(programs.all(), paths.root()).map(Path::toString).collect(Collectors.joining(" "));
    }

    private void await(String what, Callable<Boolean> condition) {
        Wait.until(name + ": " + what, PATIENCE, POLL, condition);
    }

    private static void makeDisk(Path file) {
        Commands.run("truncate", "-s", DISK_SIZE, file.toString());
        // Without a journal nothing waits for the disk; the lab's disks need not survive the machine.
        Commands.run(
                "mkfs.ext4",
                "-q",
                "-O",
                "^has_journal",
                "-E",
                "lazy_itable_init=1,nodiscard",
                "-m",
                "0",
                file.toString());
    }

    private static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
