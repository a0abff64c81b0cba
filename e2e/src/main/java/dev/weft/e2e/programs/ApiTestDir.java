package dev.weft.e2e.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** The folder that fabric8's kube-api-test takes etcd, API server and kubectl from. */
public final class ApiTestDir {
    private ApiTestDir() {}

    /** Makes {@code <folder>/k8s/<version>-linux-<architecture>/} with links to the pinned programs. */
    public static Path make(CacheRoot cache, ProgramCache programs) {
        Path folder = cache.programs().resolve("api-test-" + programs.version(GoModule.KUBERNETES));
        return OnceOnDisk.make(folder, () -> link(folder, programs));
    }

    private static void link(Path folder, ProgramCache programs) throws IOException {
        Map<String, Path> links = Map.of(
                "etcd", programs.program(GoModule.ETCD, "etcd"),
                "kube-apiserver", programs.program(GoModule.KUBERNETES, "kube-apiserver"),
                "kubectl", programs.program(GoModule.KUBERNETES, "kubectl"));
        Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path version = Files.createDirectories(
                partial.resolve("k8s/" + GoModule.KUBERNETES_VERSION + "-linux-" + architecture));
        for (Map.Entry<String, Path> link : links.entrySet()) {
            Path file = version.resolve(link.getKey());
            Files.deleteIfExists(file);
            Files.createSymbolicLink(file, link.getValue());
        }
        Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
    }
}
