package dev.weft.node;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * The files by which the container runtime finds Weft: the CNI program, the loopback plugin where the host has none, and
 * the configuration that names the program, in this order. Calls come from one thread.
 */
final class HostFiles {
    private final InstalledFile shim;
    private final LoopbackPlugin loopback;
    private final InstalledFile conflist;
    private boolean installed;

    /** @throws IOException if the image has no shim */
    HostFiles(NodePaths paths) throws IOException {
        this.shim = new InstalledFile(paths.shim(), Files.readAllBytes(paths.shimImage()), "rwxr-xr-x");
        this.loopback = new LoopbackPlugin(paths.loopback(), paths.shim());
        this.conflist = new InstalledFile(paths.conflist(), Conflist.bytes(), "rw-r--r--");
    }

    /**
     * Puts all in place.
     *
     * @return what somebody else had changed since the last call; nothing the first time, when an older agent's files may
     *     be there or none
     */
    List<String> ensure() throws IOException {
        List<String> wrong = new ArrayList<>();
        shim.ensure().ifPresent(wrong::add);
        loopback.ensure().ifPresent(wrong::add);
        conflist.ensure().ifPresent(wrong::add);
        if (!installed) {
            installed = true;
            return List.of();
        }
        return wrong;
    }
}
