package dev.weft.bundle.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Parsed classes, ready to be mapped into memory at start. A static dump from a list of classes gives the same bytes
 * each time, unlike an AOT cache, which holds the profile of a training run.
 */
final class ClassDataArchive {
    private final Path work;

    ClassDataArchive(Path work) {
        this.work = work;
    }

    /**
     * Writes the archive into the image.
     *
     * @param flags the JVM flags of the program: an archive fits one collector and one object layout
     * @param classPath as the program will name it
     * @param profile resource with the classes that the program loads, one a line; those that do not exist are left out
     */
    void addTo(RootFs rootFs, String layer, List<String> flags, List<String> classPath, String profile, String target)
            throws IOException, ImageBuildException, InterruptedException {
        Path list = work.resolve(profile);
        Files.createDirectories(work);
        Files.write(list, classList(rootFs, profile));
        Path archive = rootFs.resolve(target);
        Files.createDirectories(archive.getParent());

        var command = new ArrayList<String>();
        command.add(rootFs.resolve(JavaRuntime.HOME + "/bin/java").toString());
        flags.stream()
                .filter(flag -> !flag.matches("-Xm[nsx].*|.*HeapFreeRatio.*"))
                .forEach(command::add);
        // Objects go into the archive in the order of their addresses, so no collection may move them on the way.
        command.addAll(List.of("-Xms1g", "-Xmx1g", "-Xmn768m"));
        command.addAll(List.of("-Xshare:dump", "-Xlog:disable", "-Xlog:all=error:stderr"));
        command.add("-XX:SharedClassListFile=" + list);
        command.add("-XX:SharedArchiveFile=" + archive);
        if (!classPath.isEmpty()) {
            command.add("-cp");
            // The archive holds these names, so they are relative: where the build runs must not show. At run time a
            // class path that differs by its leading folders alone is accepted.
            command.add(classPath.stream().map(path -> path.substring(1)).collect(Collectors.joining(":")));
        }
        Programs.run(rootFs.resolve("/"), Map.of(), command);
        rootFs.adopt(layer, target, false);
    }

    /** What every Java program loads, as the JDK's makers recorded it, and what ours loads besides. */
    private static List<String> classList(RootFs rootFs, String profile) throws IOException {
        Path ofJdk = rootFs.resolve(JavaRuntime.HOME + "/lib/classlist");
        try (InputStream stream = ClassDataArchive.class.getResourceAsStream(profile)) {
            if (stream == null) {
                throw new IllegalArgumentException("there is no resource " + profile);
            }
            String ours = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.concat(Files.readAllLines(ofJdk).stream(), ours.lines())
                    .distinct()
                    .toList();
        }
    }
}
