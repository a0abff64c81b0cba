package dev.weft.bundle.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The file system of an image while it is put together. It exists as a folder, so that the image's own Java can run in
 * it, and every file in it belongs to one layer. Owners, modes, times and order depend on nothing outside.
 */
final class RootFs {
    /** Every file's time, the one that jib gives to folders. The class data archive remembers the jars' times. */
    static final Instant TIME = Instant.ofEpochSecond(1);

    private final Path root;
    private final SequencedMap<String, SortedSet<String>> layers = new LinkedHashMap<>();

    private RootFs(Path root) {
        this.root = root;
    }

    /** Starts with nothing; what was in the folder is deleted. */
    static RootFs createIn(Path folder) throws IOException {
        deleteTree(folder);
        Files.createDirectories(folder);
        return new RootFs(folder);
    }

    /** Where a path of the image is on this machine. */
    Path resolve(String target) {
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException(target + " is not an absolute path of the image");
        }
        return root.resolve(target.substring(1));
    }

    /** Copies one file, or what a symbolic link points to. */
    void copy(String layer, Path source, String target) throws IOException {
        Path copy = resolve(target);
        Files.createDirectories(copy.getParent());
        Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
        adopt(layer, target, Files.isExecutable(source));
    }

    /** Copies a folder with all that is in it. */
    void copyTree(String layer, Path source, String target) throws IOException {
        for (Path file : filesBelow(source)) {
            copy(layer, file, target + "/" + source.relativize(file));
        }
    }

    void write(String layer, String text, String target) throws IOException {
        Path file = resolve(target);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        adopt(layer, target, false);
    }

    /** Takes a file that a program wrote into the folder. */
    void adopt(String layer, String target, boolean executable) throws IOException {
        Path file = resolve(target);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        Files.setLastModifiedTime(file, FileTime.from(TIME));
        layers.computeIfAbsent(layer, name -> new TreeSet<>()).add(target);
    }

    /** A folder that any user may write to. */
    void writableFolder(String layer, String target) throws IOException {
        Files.createDirectories(resolve(target));
        layers.computeIfAbsent(layer, name -> new TreeSet<>()).add(target);
    }

    /** The layers in the order in which their first files came. */
    List<FileEntriesLayer> layers() throws IOException {
        var result = new ArrayList<FileEntriesLayer>();
        for (var layer : layers.entrySet()) {
            var builder = FileEntriesLayer.builder().setName(layer.getKey());
            for (String target : layer.getValue()) {
                Path file = resolve(target);
                builder.addEntry(file, AbsoluteUnixPath.get(target), permissions(file), TIME);
            }
            result.add(builder.build());
        }
        return List.copyOf(result);
    }

    private static FilePermissions permissions(Path file) throws IOException {
        return Files.isDirectory(file)
                ? FilePermissions.fromOctalString("777")
                : FilePermissions.fromPosixFilePermissions(Files.getPosixFilePermissions(file));
    }

    static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
