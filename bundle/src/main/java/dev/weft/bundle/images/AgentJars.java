package dev.weft.bundle.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The jars of a program, in two layers.
 *
 * @param jars the program and all that it needs at run time
 */
record AgentJars(List<Path> jars) {
    /** What the programs of the data plane need of the runtime. */
    static final SortedSet<String> MODULES = new TreeSet<>(
            List.of("java.base", "java.logging", "java.management", "java.net.http", "jdk.httpserver", "jdk.net"));

    AgentJars {
        jars = List.copyOf(jars);
    }

    /**
     * Copies them. Other people's jars change seldom and get a layer of their own, so that an upgrade fetches little.
     *
     * @return the class path
     */
    List<String> addTo(RootFs rootFs) throws IOException {
        List<Path> sorted = jars.stream()
                .sorted(Comparator.comparing(jar -> jar.getFileName().toString()))
                .toList();
        var classPath = new ArrayList<String>();
        for (boolean ours : List.of(false, true)) {
            for (Path jar : sorted) {
                // Without the release in our jars' names the class path, and with it the archive, stays the same.
                String name = jar.getFileName().toString().replaceFirst("^(weft-[a-z-]+)-[0-9].*[.]jar$", "$1.jar");
                if (name.startsWith("weft-") == ours) {
                    String target = "/app/lib/" + name;
                    rootFs.copy(ours ? "app" : "dependencies", jar, target);
                    classPath.add(target);
                }
            }
        }
        return List.copyOf(classPath);
    }
}
