package dev.weft.bundle.images;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The image of the ingress proxy. It runs without root, needs no capability where the pod may listen on low ports
 * ({@code net.ipv4.ip_unprivileged_port_start}), and writes no file: Netty's native libraries, which it would unpack to
 * {@code /tmp} otherwise, are files of the image.
 */
final class IngressImage {
    private static final JavaProgram PROGRAM = new JavaProgram(
            "weft-ingress",
            "Weft ingress: HTTP, TLS, TCP and UDP from outside the cluster",
            modules(),
            JavaProgram.flags(
                    // With the second compiler, and room for what it compiles. What is young dies young, since bodies
                    // are not in the heap: a collection every 13 MB takes about 2 ms. A young generation of 64 MB
                    // would save some 5 % of a request's time, and 40 MB more would be resident.
                    "-Xms96m",
                    "-Xmn16m",
                    "-Xmx512m",
                    "-XX:ReservedCodeCacheSize=128m",
                    // Bodies on their way, of all connections; Netty counts it itself where it may use Unsafe.
                    "-XX:MaxDirectMemorySize=512m",
                    "-Djava.library.path=" + NativeLibraries.FOLDER,
                    // Netty frees direct memory at once instead of waiting for the collector (JEP 498 asks for this).
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "-Dio.netty.tryReflectionSetAccessible=true",
                    // Tests look for buffers that leak; here it would take stack traces, thousands a second.
                    "-Dio.netty.leakDetection.level=disabled"),
            // Every event loop allocates, for TLS: the C library's own choice, pools by core.
            Map.of(),
            "dev.weft.ingress.Main",
            List.of("run"),
            "65532:65532");

    private final BuildInputs inputs;

    IngressImage(BuildInputs inputs) {
        this.inputs = inputs;
    }

    ImagePlan assemble(String version) throws IOException, ImageBuildException, InterruptedException {
        RootFs rootFs = PROGRAM.begin(inputs);
        new NativeLibraries(inputs.ingressJars()).addTo(rootFs, inputs.work());
        List<String> classPath = new AgentJars(inputs.ingressJars()).addTo(rootFs);
        return PROGRAM.finish(inputs, rootFs, classPath, version);
    }

    /** Netty needs Unsafe. */
    private static SortedSet<String> modules() {
        SortedSet<String> modules = new TreeSet<>(AgentJars.MODULES);
        modules.add("jdk.unsupported");
        return modules;
    }
}
