package dev.weft.e2e.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Weft's proxy as its image runs it, on a folder of YAML instead of an API server. It looks whether files have changed every
 * half a second and reads all of them then, which is most of what a change takes here, and none of what it takes in a
 * cluster.
 *
 * @param name as it is reported
 */
record WeftProxy(WeftImage image, String name) implements IngressProxy {
    @Override
    public int port() {
        return 8100;
    }

    @Override
    public Map<String, String> files(IngressRoutes routes, Path folder) {
        return Map.of(
                "objects/fixed.yaml",
                WeftObjects.yaml(WeftObjects.fixed(routes, folder.resolve("tls.crt"), folder.resolve("tls.key"))),
                "objects/changed.yaml",
                WeftObjects.changed("blue"),
                "blue.yaml",
                WeftObjects.changed("blue"),
                "green.yaml",
                WeftObjects.changed("green"));
    }

    @Override
    public List<String> command(Path folder) {
        return image.command(
                Map.of("/tmp/objects", folder.resolve("objects")),
                "serve /tmp/objects http=%d https=%d class=nginx".formatted(port(), port() + 1));
    }

    @Override
    public Change change(Path folder, long pid) {
        return Change.ofLines(colour ->
                "cd %s && cp %s.yaml next.yaml && mv next.yaml objects/changed.yaml".formatted(folder, colour));
    }
}
