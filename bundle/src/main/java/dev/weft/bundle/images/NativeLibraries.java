package dev.weft.bundle.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The native libraries that Netty's jars carry, as files of the image. Netty looks for them in {@code java.library.path}
 * before it unpacks them from the jars (io.netty.util.internal.NativeLibraryLoader), for which a read-only root has no
 * place, and which costs time at each start.
 *
 * @param jars perhaps with libraries
 */
record NativeLibraries(List<Path> jars) {
    static final String FOLDER = "/usr/lib/weft";

    private static final String IN_JAR = "META-INF/native/";

    NativeLibraries {
        jars = List.copyOf(jars);
    }

    /** @param work scratch folder */
    void addTo(RootFs rootFs, Path work) throws IOException {
        Path folder = Files.createDirectories(work.resolve("native"));
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                for (JarEntry entry :
                        file.stream().filter(NativeLibraries::isLibrary).toList()) {
                    Path library = folder.resolve(entry.getName().substring(IN_JAR.length()));
                    try (InputStream content = file.getInputStream(entry)) {
                        Files.copy(content, library, StandardCopyOption.REPLACE_EXISTING);
                    }
                    rootFs.copy("dependencies", library, FOLDER + "/" + library.getFileName());
                }
            }
        }
    }

    private static boolean isLibrary(JarEntry entry) {
        String name = entry.getName();
        return name.startsWith(IN_JAR) && name.endsWith(".so") && name.indexOf('/', IN_JAR.length()) < 0;
    }
}
