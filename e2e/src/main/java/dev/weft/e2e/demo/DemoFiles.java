package dev.weft.e2e.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the demo installs, as the build wrote it.
 *
 * @param archives the images of the node agent and the operator
 * @param install the operator with its CRD and rights
 * @param clusterNetwork the three lines that switch the pod network on
 */
record DemoFiles(List<Path> archives, Path install, Path clusterNetwork) {
    DemoFiles {
        archives = List.copyOf(archives);
    }

    /**
     * @param root top folder of the repository
     * @throws DemoFailedException if one is missing
     */
    static DemoFiles in(Path root, String release) throws DemoFailedException {
        Path images = root.resolve("bundle/target/images");
        DemoFiles files = new DemoFiles(
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
            throw new DemoFailedException("not built: " + missing + "; run make build");
        }
        return files;
    }
}
