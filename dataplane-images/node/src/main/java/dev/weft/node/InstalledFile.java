package dev.weft.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file on the host that must have a certain content. It is replaced whole, by rename: a runtime that reads it, or a
 * program that runs from it, sees the old or the new one.
 *
 * @param path where it is
 * @param content what it holds
 * @param mode permissions as {@code ls} shows them, such as {@code rwxr-xr-x}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record InstalledFile(Path path, byte[] content, String mode) {

    /**
     * Puts the file there unless it is as it should be.
     *
     * @return what was wrong, in words; empty if nothing was
     * @throws IOException if it cannot be read or written
     */
    Optional<String> ensure() throws IOException {
        Optional<String> wrong = wrong();
        if (wrong.isPresent()) {
            write();
        }
        return wrong;
    }

    private Optional<String> wrong() throws IOException {
        try {
            if (!Files.isRegularFile(path)) {
                return Optional.of(path + (Files.exists(path) ? " was no file" : " was missing"));
            }
            if (!Arrays.equals(Files.readAllBytes(path), content)) {
                return Optional.of(path + " had another content");
            }
            if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                    .equals(mode)) {
                return Optional.of(path + " had other permissions");
            }
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.of(path + " was missing"); // since the look at it before
        }
    }

    private void write() throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path next = next();
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(next, content);
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(mode));
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /** Runtimes load {@code *.conf}, {@code *.conflist} and {@code *.json} only; this ends in none of them. */
    private Path next() {
        return path.resolveSibling("." + path.getFileName() + ".weft-tmp");
    }

    /**
     * Takes the file away.
     *
     * @return whether there was one
     */
    static boolean remove(Path path) throws IOException {
        return Files.deleteIfExists(path);
    }
}
