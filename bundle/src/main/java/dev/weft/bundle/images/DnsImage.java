package dev.weft.bundle.images;

import java.io.IOException;
import java.util.List;

/**
 * The image of the DNS server. It runs without root, needs no capability where the pod may listen on port 53
 * ({@code net.ipv4.ip_unprivileged_port_start}), and writes no file.
 */
final class DnsImage {
    private static final JavaProgram PROGRAM = new JavaProgram(
            "weft-dns",
            "Weft DNS: the cluster's DNS server",
            AgentJars.MODULES,
            // With the second compiler: what runs here runs a hundred thousand times a second. Its code cache is roomy,
            // as the JVM collects the whole heap, half a second with 50,000 Services, when it has filled a part of it.
            // The
            // heap takes what names need, 110 MB with 50,000 Services; the pod's limit is the bound.
            JavaProgram.flags("-Xmn4m", "-Xmx512m", "-XX:ReservedCodeCacheSize=96m"),
            JavaProgram.ONE_ARENA,
            "dev.weft.dns.Main",
            List.of("run"),
            "65532:65532");

    private final BuildInputs inputs;

    DnsImage(BuildInputs inputs) {
        this.inputs = inputs;
    }

    ImagePlan assemble(String version) throws IOException, ImageBuildException, InterruptedException {
        RootFs rootFs = PROGRAM.begin(inputs);
        List<String> classPath = new AgentJars(inputs.dnsJars()).addTo(rootFs);
        return PROGRAM.finish(inputs, rootFs, classPath, version);
    }
}
