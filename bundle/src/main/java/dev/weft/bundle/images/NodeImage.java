package dev.weft.bundle.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The image of the node pods: the agent, and the CNI program that it puts on the node. */
final class NodeImage {
    static final String NAME = "weft-node";
    static final String MAIN_CLASS = "dev.weft.node.Main";
    static final String SHIM = "/usr/lib/weft/weft-cni";

    static final SortedSet<String> MODULES = new TreeSet<>(
            List.of("java.base", "java.logging", "java.management", "java.net.http", "jdk.httpserver", "jdk.net"));

    /** For a process that runs on every node and sleeps most of the time; measured in the README of agent. */
    static final List<String> JVM_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms8m",
            "-Xmn4m",
            // What is live decides: a few megabytes in a small cluster, tens with ten thousand Services.
            "-Xmx256m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-Xss256k",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=24m",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED");

    private static final String ARCHIVE = "/app/weft-node.jsa";
    private static final String ARGUMENTS = "/app/weft-node";

    private final BuildInputs inputs;

    NodeImage(BuildInputs inputs) {
        this.inputs = inputs;
    }

    ImagePlan assemble(String version) throws IOException, ImageBuildException, InterruptedException {
        RootFs rootFs = RootFs.createIn(inputs.work().resolve(NAME));
        new CLibrary(inputs.platform(), inputs.sysroot()).addTo(rootFs);
        new JavaRuntime(inputs.jdk(), MODULES).addTo(rootFs, inputs.work());
        List<String> classPath = new AgentJars(inputs.nodeJars()).addTo(rootFs);
        rootFs.copy("app", buildShim(), SHIM);
        if (Platform.ofThisMachine() == inputs.platform()) {
            new ClassDataArchive(inputs.work())
                    .addTo(rootFs, "classes", JVM_FLAGS, classPath, "weft-node.classlist", ARCHIVE);
        }

        rootFs.write("app", ArgumentFile.of(JVM_FLAGS, ARCHIVE, classPath, MAIN_CLASS), ARGUMENTS);
        return new ImagePlan(
                NAME,
                "Weft node agent: the pod network of one node",
                rootFs,
                List.of(JavaRuntime.HOME + "/bin/java", "@" + ARGUMENTS),
                List.of("agent"),
                Map.of("LANG", "C.UTF-8", "MALLOC_ARENA_MAX", "1", "WEFT_VERSION", version),
                // Links, routes and nftables of the host, and pods' namespaces, need CAP_NET_ADMIN and CAP_SYS_ADMIN.
                "0:0");
    }

    /** A static program: it runs on the host, whatever C library that has. */
    private Path buildShim() throws IOException, ImageBuildException, InterruptedException {
        Path program = inputs.work().resolve("weft-cni-" + inputs.platform().goName());
        Files.createDirectories(inputs.work());
        Programs.run(
                inputs.shim(),
                Map.of(
                        "CGO_ENABLED",
                        "0",
                        "GOOS",
                        "linux",
                        "GOARCH",
                        inputs.platform().goName(),
                        "GOFLAGS",
                        ""),
                List.of(
                        "go",
                        "build",
                        "-trimpath",
                        "-buildvcs=false",
                        "-ldflags=-s -w -buildid=",
                        "-o",
                        program.toString(),
                        "."));
        return program;
    }
}
