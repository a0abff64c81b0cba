package dev.weft.e2e;

import dev.weft.e2e.lab.LabException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is installed in a cluster to have Weft there, as the build wrote it.
 *
 * @param archives the images of the node agent and the operator
 * @param install the operator with its CRD and rights
 * @param clusterNetwork the three lines that switch the pod network on
 */
public record WeftRelease(List<Path> archives, Path install, Path clusterNetwork) {
    public WeftRelease {
        archives = List.copyOf(archives);
    }

    /**
     * @param root top folder of the repository
     * @throws LabException if one is missing
     */
    public static WeftRelease in(Path root, String release) {
        Path images = root.resolve("bundle/target/images");
        WeftRelease files = new WeftRelease(
                List.of(
                        images.resolve("weft-node-" + release + ".tar"),
                        images.resolve("weft-operator-" + release + ".tar")),
                root.resolve("bundle/target/install.yaml"),
                root.resolve("bundle/examples/cluster-network.yaml"));
        List<Path> missing = Stream.concat(
                        files.archives().stream(), Stream.of(files.install(), files.clusterNetwork()))
                .filter(file -> !Files.exists(file))
                .toList();
        if (!missing.isEmpty()) {
            throw new LabException("not built: " + missing + "; run make build");
        }
        return files;
    }
}
