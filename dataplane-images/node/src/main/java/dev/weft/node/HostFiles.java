package dev.weft.node;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The two files by which the container runtime finds Weft: the CNI program, and the configuration that names it, in this
 * order. Calls come from one thread.
 */
final class HostFiles {
    private final InstalledFile shim;
    private final InstalledFile conflist;
    private boolean installed;

    /** @throws IOException if the image has no shim */
    HostFiles(NodePaths paths) throws IOException {
        this.shim = new InstalledFile(paths.shim(), Files.readAllBytes(paths.shimImage()), "rwxr-xr-x");
        this.conflist = new InstalledFile(paths.conflist(), Conflist.bytes(), "rw-r--r--");
    }

    /**
     * Puts both in place.
     *
     * @return what somebody else had changed since the last call; nothing the first time, when an older agent's files may
     *     be there or none
     */
    List<String> ensure() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (InstalledFile file : List.of(shim, conflist)) {
            Optional<String> what = file.ensure();
            what.ifPresent(wrong::add);
        }
        if (!installed) {
            installed = true;
            return List.of();
        }
        return wrong;
    }
}
