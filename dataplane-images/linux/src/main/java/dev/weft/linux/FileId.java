package dev.weft.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What tells a file from all others that exist, whatever its names: for network namespaces it tells the namespace
 * (namespaces(7)). The kernel may give the number of one that is gone to a new one.
 *
 * @param device number of the file system's device
 * @param inode number in the file system
 */
public record FileId(long device, long inode) {
    /**
     * The identity of the file that the path leads to.
     *
     * @throws UncheckedIOException if there is none or it cannot be read
     */
    public static FileId of(Path path) {
        try {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino");
            return new FileId(number(attributes, "dev"), number(attributes, "ino"));
        } catch (IOException e) {
            throw new UncheckedIOException("identify " + path, e);
        }
    }

    private static long number(Map<String, Object> attributes, String name) {
        if (attributes.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("the attribute unix:" + name + " is not a number");
    }
}
