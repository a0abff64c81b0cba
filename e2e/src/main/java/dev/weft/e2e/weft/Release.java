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
 * @param archives the images of the node agent and the operator
 * @param install the operator with its CRD and rights
 */
public record Release(String version, List<Path> archives, Path install) {
    public Release {
        archives = List.copyOf(archives);
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
                        images.resolve("weft-operator-" + version + ".tar")),
                root.resolve("bundle/target/install.yaml"));
        List<Path> missing = Stream.concat(release.archives.stream(), Stream.of(release.install))
                .filter(file -> !Files.exists(file))
                .toList();
        if (!missing.isEmpty()) {
            throw new LabException("not built: " + missing + "; run make build");
        }
        return release;
    }
}
