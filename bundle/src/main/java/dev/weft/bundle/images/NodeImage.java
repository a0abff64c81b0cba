package dev.weft.bundle.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The image of the node pods: the agent, and the CNI program that it puts on the node. */
final class NodeImage {
    static final String SHIM = "/usr/lib/weft/weft-cni";

    private static final JavaProgram PROGRAM = new JavaProgram(
            "weft-node",
            "Weft node agent: the pod network of one node",
            AgentJars.MODULES,
            // What is live decides: a few megabytes in a small cluster, tens with ten thousand Services.
            // Most agents make a few dozen pods in their life, so what a pod needs is compiled after 20 calls, not 200.
            JavaProgram.flags("-Xmn4m", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:CompileThresholdScaling=0.1"),
            JavaProgram.ONE_ARENA,
            "dev.weft.node.Main",
            List.of("agent"),
            // Links, routes and nftables of the host, and pods' namespaces, need CAP_NET_ADMIN and CAP_SYS_ADMIN.
            "0:0");

    private final BuildInputs inputs;

    NodeImage(BuildInputs inputs) {
        this.inputs = inputs;
    }

    ImagePlan assemble(String version) throws IOException, ImageBuildException, InterruptedException {
        RootFs rootFs = PROGRAM.begin(inputs);
        List<String> classPath = new AgentJars(inputs.nodeJars()).addTo(rootFs);
        rootFs.copy("app", buildShim(), SHIM);
        return PROGRAM.finish(inputs, rootFs, classPath, version);
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
