package dev.weft.node;

import java.nio.file.Path;

/**
 * Where the agent keeps its files, on the host and in its image. Tests use folders of their own.
 *
 * @param config the node.json that the operator wrote
 * @param cniConfig folder where the runtime looks for network configurations
 * @param cniBin folder where the runtime looks for CNI programs
 * @param state survives the process: leases, saved sysctls, cached nodes
 * @param run socket and heartbeat
 * @param shimImage the CNI program in this image
 */
record NodePaths(Path config, Path cniConfig, Path cniBin, Path state, Path run, Path shimImage) {
    static final NodePaths DEFAULT = new NodePaths(
            Path.of("/etc/weft/node.json"),
            Path.of("/etc/cni/net.d"),
            Path.of("/opt/cni/bin"),
            Path.of("/var/lib/weft"),
            Path.of("/run/weft"),
            Path.of("/usr/lib/weft/weft-cni"));

    Path conflist() {
        return cniConfig.resolve("10-weft.conflist");
    }

    Path shim() {
        return cniBin.resolve("weft");
    }

    /** The plugin that runtimes call for lo of every pod; most hosts have one. */
    Path loopback() {
        return cniBin.resolve("loopback");
    }

    Path leases() {
        return state.resolve("leases");
    }

    /** Values of sysctls from before the first change. */
    Path savedSysctls() {
        return state.resolve("restore.json");
    }

    Path cachedNodes() {
        return state.resolve("nodes.json");
    }

    Path socket() {
        return run.resolve("cni.sock");
    }

    Path heartbeat() {
        return run.resolve("heartbeat");
    }
}
