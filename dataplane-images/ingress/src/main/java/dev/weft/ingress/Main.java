package dev.weft.ingress;

import dev.weft.agent.Log;
import dev.weft.agent.Shutdown;
import dev.weft.config.ConfigFormatException;
import dev.weft.kube.KubeConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code weft-ingress [run [CONFIG] | serve FOLDER [OPTION=VALUE...] | check FOLDER|- | version]}. */
public final class Main {
    private static final Log LOG = Log.of("ingress");
    private static final String USAGE =
            "usage: weft-ingress [run [CONFIG] | serve FOLDER [OPTION=VALUE...] | check FOLDER|- | version]";
    private static final int USAGE_CODE = 2;
    private static final Path CONFIG = Path.of("/etc/weft/ingress.json");
    private static final int HTTP_PORT = 9474;
    private static final Duration STOP = Duration.ofSeconds(15);

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
                case "check" -> System.out.print(Migration.report(argument(args)));
                case "version" -> System.out.println(environment("WEFT_VERSION").orElse("unknown"));
                default -> throw new UsageException(USAGE);
            }
            return 0;
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            return USAGE_CODE;
        } catch (IOException | ConfigFormatException e) {
            LOG.error("cannot start", e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static String argument(String[] args) throws UsageException {
        if (args.length < 2) {
            throw new UsageException(USAGE);
        }
        return args[1];
    }

    private static void cluster(Path path) throws IOException, InterruptedException {
        ConfigFile file = new ConfigFile(path);
        IngressServer.Place place = new IngressServer.Place(
                new InetSocketAddress(HTTP_PORT),
                environment("POD_NAME").or(() -> environment("HOSTNAME")).orElse("weft-ingress"),
                environment("WEFT_CLUSTER_DOMAIN").orElse("cluster.local"),
                environment("WEFT_VERSION").orElse("unknown"));
        IngressServer server =
                new IngressServer(file, KubeConfig.inPod(file.first().apiServers()), place);
        server.install();
        server.await();
    }

    private static void serve(String[] args) throws UsageException, IOException, InterruptedException {
        Path folder = Path.of(argument(args));
        Shutdown shutdown = new Shutdown(STOP);
        shutdown.add("server", Standalone.start(folder, List.of(args).subList(2, args.length)));
        shutdown.install();
        shutdown.await();
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
