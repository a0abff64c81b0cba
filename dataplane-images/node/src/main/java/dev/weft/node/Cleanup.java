package dev.weft.node;

import dev.weft.agent.Log;
import dev.weft.cni.nat.CniNat;
import dev.weft.cni.pod.PodLinks;
import dev.weft.cni.probe.ProbeEndpoint;
import dev.weft.cni.routes.KernelNetwork;
import dev.weft.cni.routes.SavedSysctls;
import dev.weft.cni.routes.Sysctls;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.networkpolicy.NetworkPolicyRole;
import dev.weft.nftables.NftablesException;
import dev.weft.nftables.NftablesKernel;
import dev.weft.serviceproxy.ServiceProxyRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes everything of Weft from the node: what the runtime calls first, so that no new pod comes, files that say what to
 * restore last. Every step can be repeated, and one that fails does not keep the others from being done.
 */
final class Cleanup {
    private static final Log LOG = Log.of("cleanup");

    private final NodePaths paths;

    Cleanup(NodePaths paths) {
        this.paths = paths;
    }

    private interface Step {
        /** What was done, for people. */
        String run() throws IOException;
    }

    /** @return what could not be done, for people; empty when the node is clean */
    List<String> run() {
        List<String> failures = new ArrayList<>();
        step("CNI configuration", failures, () -> removed(paths.conflist()));
        step(
                "loopback plugin",
                failures,
                () -> new LoopbackPlugin(paths.loopback(), paths.shim()).remove() ? "removed" : "not ours");
        step("CNI program", failures, () -> removed(paths.shim()));
        step("pod links", failures, Cleanup::podLinks);
        step("routes and tunnel", failures, Cleanup::routes);
        step("nftables", failures, Cleanup::nftables);
        step("service proxy", failures, Cleanup::serviceProxy);
        step("network policy", failures, Cleanup::networkPolicy);
        step("sysctls", failures, this::sysctls);
        step("socket and heartbeat", failures, () -> emptied(paths.run()));
        if (failures.isEmpty()) {
            step("state", failures, () -> emptied(paths.state()));
        }
        return failures;
    }

    private static void step(String name, List<String> failures, Step step) {
        try {
            LOG.info(name, "done", step.run());
        } catch (IOException | UncheckedIOException | LinuxException | NftablesException e) {
            LOG.error(name + " not removed", e);
            failures.add(name + ": " + e.getMessage());
        }
    }

    private static String removed(Path file) throws IOException {
        return InstalledFile.remove(file) ? "removed " + file : "was not there";
    }

    private static String podLinks() {
        try (PodLinks links = PodLinks.open()) {
            links.delete(ProbeEndpoint.LINK);
            List<String> all = List.copyOf(links.existing().keySet());
            all.forEach(links::delete);
            return "removed " + all.size();
        }
    }

    private static String routes() throws IOException {
        try (Netns own = Netns.current()) {
            return "removed " + KernelNetwork.removeAll(own) + " objects";
        }
    }

    private static String nftables() {
        try (NftablesKernel nftables = NftablesKernel.open()) {
            new CniNat(nftables).remove();
            return "removed";
        }
    }

    private static String serviceProxy() {
        try (Netns own = Netns.current()) {
            List<String> removed = ServiceProxyRole.cleanup(own);
            return removed.isEmpty() ? "was not there" : "removed " + removed;
        }
    }

    private static String networkPolicy() {
        try (Netns own = Netns.current()) {
            List<String> removed = NetworkPolicyRole.cleanup(own);
            return removed.isEmpty() ? "was not there" : "removed " + removed;
        }
    }

    private String sysctls() throws IOException {
        try (Netns own = Netns.current()) {
            List<String> restored = new Sysctls(own, SavedSysctls.open(paths.savedSysctls())).restore();
            return restored.isEmpty() ? "nothing to restore" : "restored " + restored;
        }
    }

    /** With the folder itself, unless that is a mount, as it is for the agent. */
    private static String emptied(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return "was not there";
        }
        int count = 0;
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(folder)) {
                    Files.deleteIfExists(path);
                    count++;
                }
            }
        }
        return "removed " + count + " files from " + folder + (isRemoved(folder) ? ", and it" : "");
    }

    private static boolean isRemoved(Path folder) {
        try {
            Files.delete(folder);
            return true;
        } catch (IOException e) {
            LOG.debug("folder stays", "folder", folder, "why", String.valueOf(e.getMessage()));
            return false;
        }
    }
}
