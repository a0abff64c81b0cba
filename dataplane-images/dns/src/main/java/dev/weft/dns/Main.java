package dev.weft.dns;

import dev.weft.agent.Log;
import dev.weft.agent.Shutdown;
import dev.weft.dns.serve.AnswerCache;
import dev.weft.dns.serve.Serving;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.NameTable;
import dev.weft.dns.zone.PodsMode;
import dev.weft.dns.zone.ZoneOptions;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectKey;
import dev.weft.linux.LinuxException;
import dev.weft.net.Ip;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** {@code weft-dns serve FILE [ADDRESS [PORT [THREADS]]] | version}. */
public final class Main {
    private static final Log LOG = Log.of("dns");
    private static final String USAGE = "usage: weft-dns [serve FILE [ADDRESS [PORT [THREADS]]] | version]";
    private static final int USAGE_CODE = 2;
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
            switch (args.length == 0 ? "" : args[0]) {
                case "serve" -> serve(args);
                case "version" -> System.out.println(version());
                default -> throw new UsageException(USAGE);
            }
            return 0;
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            return USAGE_CODE;
        } catch (IOException | KubeException | LinuxException e) {
            LOG.error("cannot start", e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void serve(String[] args) throws UsageException, IOException, KubeException, InterruptedException {
        if (args.length < 2 || args.length > 5) {
            throw new UsageException(USAGE);
        }
        try {
            Ip address = Ip.parse(args.length > 2 ? args[2] : "127.0.0.1");
            int port = args.length > 3 ? Integer.parseInt(args[3]) : 53;
            int threads = args.length > 4
                    ? Integer.parseInt(args[4])
                    : Runtime.getRuntime().availableProcessors();
            ClusterZone zone = new ClusterZone(
                    new ZoneOptions(
                            DnsName.parse("cluster.local"),
                            30,
                            PodsMode.INSECURE,
                            new ObjectKey("kube-system", "kube-dns")),
                    InstantSource.system());
            ObjectFile.load(Path.of(args[1]), zone);
            zone.complete();
            LOG.info(
                    "loaded",
                    "file",
                    args[1],
                    "objects",
                    zone.objects(),
                    "names",
                    zone.table().size());
            Serving serving = new Serving(zone, new NameTable(), AnswerCache.NONE, false);
            Shutdown shutdown = new Shutdown(STOP);
            shutdown.add(
                    "listeners", new Listeners(List.of(address), port, threads, () -> serving, (query, client) -> {}));
            shutdown.install();
            shutdown.await();
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + "\n" + USAGE);
        }
    }

    /** The image knows its release. */
    private static String version() {
        String version = System.getenv("WEFT_VERSION");
        return version == null ? "unknown" : version;
    }
}
