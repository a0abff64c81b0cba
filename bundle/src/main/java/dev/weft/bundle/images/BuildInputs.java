package dev.weft.bundle.images;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the images come from.
 *
 * @param platform what they run on
 * @param jdk a JDK of this machine, for jlink
 * @param sysroot where the C library is taken from, {@code /} when the images are for this machine
 * @param nodeJars the node agent and all that it needs at run time
 * @param shim Go module of the CNI program
 * @param operatorApp Quarkus' fast-jar folder of the operator
 * @param dnsJars the DNS server and all that it needs at run time
 * @param ingressJars the ingress proxy and all that it needs at run time
 * @param work scratch folder; linked runtimes in it are used again
 */
public record BuildInputs(
        Platform platform,
        Path jdk,
        Path sysroot,
        List<Path> nodeJars,
        Path shim,
        Path operatorApp,
        List<Path> dnsJars,
        List<Path> ingressJars,
        Path work) {
    public BuildInputs {
        nodeJars = List.copyOf(nodeJars);
        dnsJars = List.copyOf(dnsJars);
        ingressJars = List.copyOf(ingressJars);
    }
}
