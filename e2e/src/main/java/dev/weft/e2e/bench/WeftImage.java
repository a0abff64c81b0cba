package dev.weft.e2e.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Weft's ingress image, of which a container is all that matters here: its root, /proc, /dev, and folders that are mounted.
 *
 * @param root the root folder of the image
 */
record WeftImage(Path root) {
    /**
     * Runs its program; the mounts are of a namespace of its own and end with the process.
     *
     * @param mounted folders of this machine by where they are to be
     * @param arguments of the program, without blanks in them
     */
    List<String> command(Map<String, Path> mounted, String arguments) {
        String folders = mounted.entrySet().stream()
                .map(folder -> "mkdir -p %1$s%2$s && mount --bind %3$s %1$s%2$s && "
                        .formatted(root, folder.getKey(), folder.getValue()))
                .collect(Collectors.joining());
        return List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mkdir -p %1$s/proc %1$s/dev && mount -t proc proc %1$s/proc && mount --rbind /dev %1$s/dev && "
                                .formatted(root)
                        + folders
                        + "exec chroot %s /opt/java/bin/java @/app/weft-ingress %s".formatted(root, arguments));
    }
}
