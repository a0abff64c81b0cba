package dev.weft.node;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The plugin named loopback, which runtimes call for lo of every pod. The reference plugins bring one; on a host without
 * them it is a symbolic link to Weft's program, which knows what to do under that name. Being a link it follows the
 * program's upgrades, and tells whose it is.
 *
 * @param path where runtimes look for it
 * @param program Weft's program, in the same folder
 */
record LoopbackPlugin(Path path, Path program) {

    /**
     * Makes the link if there is nothing of the name.
     *
     * @return what was wrong, in words; empty if nothing was
     * @throws IOException if it cannot be made
     */
    Optional<String> ensure() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            Files.createSymbolicLink(path, program.getFileName());
            return Optional.of(path + " was missing");
        } catch (FileAlreadyExistsException e) {
            return Optional.empty(); // somebody else's, since the look at it before
        }
    }

    /**
     * Takes the link away; a plugin of somebody else stays.
     *
     * @return whether it was ours
     * @throws IOException if it cannot be removed
     */
    boolean remove() throws IOException {
        boolean ours =
                Files.isSymbolicLink(path) && Files.readSymbolicLink(path).equals(program.getFileName());
        return ours && Files.deleteIfExists(path);
    }
}
