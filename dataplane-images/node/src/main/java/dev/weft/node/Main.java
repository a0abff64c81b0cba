package dev.weft.node;

import dev.weft.agent.Log;
import dev.weft.config.ConfigFormatException;
import dev.weft.config.ConfigJson;
import dev.weft.config.NodeConfig;
import dev.weft.linux.LinuxException;
import dev.weft.nftables.NftablesException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** {@code weft-node agent | cleanup | trace | version}. */
public final class Main {
    private static final Log LOG = Log.of("node");

    /** Where health, metrics and status are served. */
    private static final int PORT = 9470;

    private static final int USAGE = 2;

    private Main() {}

    public static void main(String[] args) {
        int code = run(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(String[] args) {
        try {
            switch (args.length == 0 ? "agent" : args[0]) {
                case "agent" -> agent();
                case "cleanup" -> cleanup();
                case "trace" -> System.out.println(trace(args));
                case "version" -> System.out.println(version());
                default -> throw new UsageException("usage: weft-node [agent | cleanup | trace | version]");
            }
            return 0;
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            return USAGE;
        } catch (IOException | ConfigFormatException | LinuxException | NftablesException e) {
            LOG.error("cannot start", e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void agent() throws UsageException, IOException, InterruptedException {
        NodePaths paths = NodePaths.DEFAULT;
        NodeIdentity identity = NodeIdentity.of(System.getenv());
        Agent.start(paths, identity, config(paths.config()), new InetSocketAddress(PORT))
                .await();
    }

    private static void cleanup() throws UsageException, IOException, InterruptedException {
        CleanupCommand.start(
                        NodePaths.DEFAULT, NodeIdentity.of(System.getenv()), version(), new InetSocketAddress(PORT))
                .await();
    }

    private static String trace(String[] args) throws UsageException, IOException, InterruptedException {
        return TraceQuery.ofArguments(List.of(args).subList(1, args.length)).ask(PORT);
    }

    private static NodeConfig config(Path file) throws IOException, UsageException {
        try {
            return ConfigJson.readConfig(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new UsageException(
                    file + " does not exist: the operator mounts it from the ConfigMap of the revision");
        }
    }

    /** The image knows its release. */
    private static String version() {
        String version = System.getenv("WEFT_VERSION");
        return version == null ? "unknown" : version;
    }
}
