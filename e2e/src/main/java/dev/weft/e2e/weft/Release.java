package dev.weft.e2e.weft;

import dev.weft.e2e.lab.LabException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A release as the build wrote it.
 *
 * @param version the images' tag
 * @param archives the images of node agent, operator, DNS server and ingress proxy
 * @param install the operator with its CRD and rights
 * @param clusterNetwork the three lines that switch the pod network on
 */
public record Release(String version, List<Path> archives, Path install, Path clusterNetwork) {
    public Release {
        archives = List.copyOf(archives);
    }

    /** This release, with another archive for the nodes. */
    public Release with(Path archive) {
        return new Release(
                version, Stream.concat(archives.stream(), Stream.of(archive)).toList(), install, clusterNetwork);
    }

    /** The name of the node agent's image of a release, as the operator asks for it. */
    public String nodeImage(String release) {
        return "weft.dev/weft-node:" + release;
    }

    /** The name of the DNS server's image of a release. */
    public String dnsImage(String release) {
        return "weft.dev/weft-dns:" + release;
    }

    /** The name of the ingress proxy's image of a release. */
    public String ingressImage(String release) {
        return "weft.dev/weft-ingress:" + release;
    }

    /**
     * @param root top folder of the repository
     * @throws LabException if a part is missing; the message says what to run
     */
    public static Release in(Path root, String version) {
        Path images = root.resolve("bundle/target/images");
        Release release = new Release(
                version,
                List.of(
                        images.resolve("weft-node-" + version + ".tar"),
                        images.resolve("weft-operator-" + version + ".tar"),
                        images.resolve("weft-dns-" + version + ".tar"),
                        images.resolve("weft-ingress-" + version + ".tar")),
                root.resolve("bundle/target/install.yaml"),
                root.resolve("bundle/examples/cluster-network.yaml"));
        List<Path> missing = Stream.concat(
                        release.archives.stream(), Stream.of(release.install, release.clusterNetwork))
                .filter(file -> !Files.exists(file))
                .toList();
        if (!missing.isEmpty()) {
            throw new LabException("not built: " + missing + "; run make build");
        }
        return release;
    }
}
