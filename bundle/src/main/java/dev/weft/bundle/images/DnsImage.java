package dev.weft.bundle.images;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The image of the DNS server. It runs without root, needs no capability where the pod may listen on port 53
 * ({@code net.ipv4.ip_unprivileged_port_start}), and writes no file.
 */
final class DnsImage {
    static final String NAME = "weft-dns";
    static final String MAIN_CLASS = "dev.weft.dns.Main";

    static final SortedSet<String> MODULES = new TreeSet<>(
            List.of("java.base", "java.logging", "java.management", "java.net.http", "jdk.httpserver", "jdk.net"));

    /** As the node agent's, except for the second compiler: what runs here runs a hundred thousand times a second. */
    static final List<String> JVM_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms8m",
            "-Xmn4m",
            "-Xmx128m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-Xss256k",
            "-XX:ReservedCodeCacheSize=24m",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED");

    private static final String ARCHIVE = "/app/weft-dns.jsa";
    private static final String ARGUMENTS = "/app/weft-dns";

    private final BuildInputs inputs;

    DnsImage(BuildInputs inputs) {
        this.inputs = inputs;
    }

    ImagePlan assemble(String version) throws IOException, ImageBuildException, InterruptedException {
        RootFs rootFs = RootFs.createIn(inputs.work().resolve(NAME));
        new CLibrary(inputs.platform(), inputs.sysroot()).addTo(rootFs);
        new JavaRuntime(inputs.jdk(), MODULES).addTo(rootFs, inputs.work());
        List<String> classPath = new AgentJars(inputs.dnsJars()).addTo(rootFs);
        if (Platform.ofThisMachine() == inputs.platform()) {
            new ClassDataArchive(inputs.work())
                    .addTo(rootFs, "classes", JVM_FLAGS, classPath, "weft-dns.classlist", ARCHIVE);
        }

        rootFs.write("app", ArgumentFile.of(JVM_FLAGS, ARCHIVE, classPath, MAIN_CLASS), ARGUMENTS);
        return new ImagePlan(
                NAME,
                "Weft DNS: the cluster's DNS server",
                rootFs,
                List.of(JavaRuntime.HOME + "/bin/java", "@" + ARGUMENTS),
                List.of("run"),
                Map.of("LANG", "C.UTF-8", "MALLOC_ARENA_MAX", "1", "WEFT_VERSION", version),
                "65532:65532");
    }
}
