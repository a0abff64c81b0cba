package dev.weft.dns;

import dev.weft.agent.Log;
import dev.weft.agent.Shutdown;
import dev.weft.config.ConfigFormatException;
import dev.weft.kube.KubeConfig;
import dev.weft.kube.KubeException;
import dev.weft.linux.LinuxException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code weft-dns [run [CONFIG]] | serve FILE [OPTION=VALUE...] | version}. */
public final class Main {
    private static final Log LOG = Log.of("dns");
    private static final String USAGE = "usage: weft-dns [run [CONFIG] | serve FILE [OPTION=VALUE...] | version]";
    private static final int USAGE_CODE = 2;
    private static final Path CONFIG = Path.of("/etc/weft/dns.json");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    /** Where CoreDNS serves metrics; health and readiness are here too. */
    private static final int HTTP_PORT = 9153;

    private static final Duration STOP = Duration.ofSeconds(5);

    private Main() {}

    public static void main(String[] args) {
        int code = run(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(String[] args) {
        try {
            switch (args.length == 0 ? "run" : args[0]) {
                case "run" -> cluster(args.length > 1 ? Path.of(args[1]) : CONFIG);
                case "serve" -> serve(args);
                case "version" -> System.out.println(version());
                default -> throw new UsageException(USAGE);
            }
            return 0;
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            return USAGE_CODE;
        } catch (IOException | KubeException | LinuxException | ConfigFormatException e) {
            LOG.error("cannot start", e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void cluster(Path file) throws IOException, InterruptedException {
        ConfigFile config = new ConfigFile(file);
        KubeConfig api = KubeConfig.inPod(config.first().config().apiServers());
        DnsServer server = new DnsServer(config.first(), api, new InetSocketAddress(HTTP_PORT), RESOLV_CONF, version());
        server.follow(config);
        server.await();
    }

    private static void serve(String[] args) throws UsageException, IOException, KubeException, InterruptedException {
        if (args.length < 2) {
            throw new UsageException(USAGE);
        }
        List<String> options = List.of(args).subList(2, args.length);
        Shutdown shutdown = new Shutdown(STOP);
        shutdown.add("server", Standalone.start(Path.of(args[1]), options));
        shutdown.install();
        shutdown.await();
    }

    /** The image knows its release. */
    private static String version() {
        String version = System.getenv("WEFT_VERSION");
        return version == null ? "unknown" : version;
    }
}
