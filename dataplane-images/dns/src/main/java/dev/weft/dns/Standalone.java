package dev.weft.dns;

import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.config.DnsConfig;
import dev.weft.dns.forward.ForwardMetrics;
import dev.weft.dns.forward.Forwarding;
import dev.weft.dns.forward.Resolver;
import dev.weft.dns.forward.SearchPath;
import dev.weft.dns.serve.Serving;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.NameTable;
import dev.weft.dns.zone.PodsMode;
import dev.weft.dns.zone.ZoneOptions;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/** The server without a cluster: it serves what a file of objects says. For trying it, tests and measurements. */
final class Standalone implements AutoCloseable {
    static final String OPTIONS = "[listen=127.0.0.1] [port=53] [threads=CORES] [upstream=IP:PORT] [pods=INSECURE]"
            + " [domain=cluster.local] [ttl=30]";

    private static final Log LOG = Log.of("dns");

    private final Listeners listeners;
    private final Forwarding forwarding;

    private Standalone(Listeners listeners, Forwarding forwarding) {
        this.listeners = listeners;
        this.forwarding = forwarding;
    }

    /**
     * Loads the file and serves.
     *
     * @param options as {@link #OPTIONS} names them
     * @throws UsageException if an option is not known or makes no sense
     */
    static Standalone start(Path file, List<String> options) throws UsageException, IOException, KubeException {
        Map<String, String> given = parse(options);
        try {
            String domain = given.getOrDefault("domain", "cluster.local");
            int ttl = Integer.parseInt(given.getOrDefault("ttl", "30"));
            PodsMode pods = PodsMode.valueOf(given.getOrDefault("pods", "INSECURE"));
            Ip listen = Ip.parse(given.getOrDefault("listen", "127.0.0.1"));
            int port = Integer.parseInt(given.getOrDefault("port", "53"));
            String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
            int threads = Integer.parseInt(given.getOrDefault("threads", cores));
            List<DnsConfig.Upstream> upstreams = upstreams(given.getOrDefault("upstream", ""));

            ClusterZone zone = new ClusterZone(
                    new ZoneOptions(DnsName.parse(domain), ttl, pods, new ObjectKey("kube-system", "kube-dns")),
                    InstantSource.system());
            ObjectFile.load(file, zone);
            zone.complete();
            LOG.info("loaded", "objects", zone.objects(), "names", zone.table().size());
            ForwardMetrics metrics = new ForwardMetrics(new Metrics());
            Forwarding forwarding = new Forwarding(
                    config(domain, ttl, listen, port),
                    upstreams,
                    (SSLSocketFactory) SSLSocketFactory.getDefault(),
                    metrics);
            Serving serving = new Serving(zone, new NameTable(), forwarding.cache(), false, false);
            Resolver resolver = new Resolver(serving, forwarding, SearchPath.NONE, 1000, List.of(), metrics);
            Listeners listeners = new Listeners(List.of(listen), port, threads, () -> serving, resolver);
            forwarding.start();
            return new Standalone(listeners, forwarding);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + "\noptions: " + OPTIONS);
        }
    }

    private static DnsConfig config(String domain, int ttl, Ip listen, int port) {
        return new DnsConfig(
                List.of(URI.create("http://127.0.0.1")),
                domain,
                ttl,
                DnsConfig.PodsMode.INSECURE,
                "kube-system/kube-dns",
                List.of(listen),
                port,
                List.of(),
                List.of(),
                List.of(),
                DnsConfig.Cache.DEFAULT,
                1000,
                false,
                false);
    }

    private static List<DnsConfig.Upstream> upstreams(String text) {
        List<DnsConfig.Upstream> upstreams = new ArrayList<>();
        if (!text.isEmpty()) {
            int colon = text.lastIndexOf(':');
            upstreams.add(new DnsConfig.Upstream(
                    DnsConfig.Protocol.UDP,
                    Ip.parse(text.substring(0, Math.max(colon, 0))),
                    Integer.parseInt(text.substring(colon + 1)),
                    ""));
        }
        return upstreams;
    }

    private static Map<String, String> parse(List<String> options) throws UsageException {
        Map<String, String> given = new HashMap<>();
        for (String option : options) {
            String name = option.replaceFirst("=.*", "");
            if (!option.contains("=") || !OPTIONS.contains("[" + name + "=")) {
                throw new UsageException("no option: " + option + "\noptions: " + OPTIONS);
            }
            given.put(name, option.substring(name.length() + 1));
        }
        return given;
    }

    @Override
    public void close() throws IOException {
        listeners.close();
        forwarding.close();
    }
}
