package dev.weft.e2e.faults;

import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.lab.TemporaryLab;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.weft.Release;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lab faults}. */
@Command(
        name = "faults",
        description = "Brings faults about on a fresh lab with Weft, and measures what they do.",
        mixinStandardHelpOptions = true)
public final class FaultsCommand implements Callable<Integer> {
    @Option(names = "--name", description = "the lab's name (default: ${DEFAULT-VALUE})", defaultValue = "faults")
    private String name = "faults";

    @Option(names = "--nodes", description = "how many nodes (default: ${DEFAULT-VALUE})", defaultValue = "2")
    private int nodes = 2;

    @Option(
            names = "--only",
            split = ",",
            description =
                    "which faults: quiet, specs, outage, kills, services, udp, policies, dns, ingress, drift, lease, upgrade,"
                            + " nodes, uninstall (default: all)")
    private List<String> only = new ArrayList<>();

    @Option(names = "--release", description = "the images' tag", required = true)
    private String release = "";

    @Option(
            names = "--next",
            description = "the release to upgrade to; without archives of its own it is this one by another name"
                    + " (default: ${DEFAULT-VALUE})",
            defaultValue = "99.0.0")
    private String next = "99.0.0";

    @Option(
            names = "--peers",
            split = ",",
            description = "what to install beside Weft, to see what faults do to it (default: nothing)")
    private List<String> peers = new ArrayList<>();

    @Option(names = "--pods", description = "pods of the fault kills (default: ${DEFAULT-VALUE})", defaultValue = "500")
    private int pods = 500;

    @Option(names = "--kills", description = "kills of agents (default: ${DEFAULT-VALUE})", defaultValue = "100")
    private int kills = 100;

    @Option(
            names = "--outage",
            description = "seconds without an API server (default: ${DEFAULT-VALUE})",
            defaultValue = "120")
    private int outageSeconds = 120;

    @Option(
            names = "--sockets",
            description = "WebSockets of the fault ingress (default: ${DEFAULT-VALUE})",
            defaultValue = "10000")
    private int sockets = 10_000;

    @Option(names = "--quiet", description = "seconds of quiet (default: ${DEFAULT-VALUE})", defaultValue = "300")
    private int quietSeconds = 300;

    @Option(names = "--root", description = "top folder of the repository (default: here)", defaultValue = ".")
    private Path root = Path.of(".");

    @Option(names = "--keep", description = "leave the lab standing, for a look at what failed")
    private boolean keep;

    private final CacheRoot cache = CacheRoot.of(System.getenv());
    private final Progress progress = Progress.printing(System.out);

    @Override
    public Integer call() {
        Path top = root.toAbsolutePath().normalize();
        LabName lab = new LabName(name);
        Summary summary = new Summary(top.resolve("e2e/target/faults"));
        Map<String, List<Fault>> faults = faults();
        List<String> chosen =
                only.stream().map(String::strip).filter(o -> !o.isEmpty()).toList();
        chosen.stream().filter(o -> !faults.containsKey(o)).findFirst().ifPresent(unknown -> {
            throw new IllegalArgumentException("no fault '" + unknown + "': there are " + faults.keySet());
        });
        try (TemporaryLab _ = TemporaryLab.begin(lab, cache, progress, keep);
                Scene scene = Scene.fresh(lab, nodes, release(top), peers(), cache, progress)) {
            new FaultRun(scene, summary, progress)
                    .run(faults.entrySet().stream()
                            .filter(entry -> chosen.isEmpty() || chosen.contains(entry.getKey()))
                            .toList());
        }
        System.out.print(summary.table());
        List<String> left = keep ? List.of() : Lab.leftovers(lab, cache);
        left.forEach(what -> System.out.println("LEFT after the lab was taken down: " + what));
        return summary.failed() || !left.isEmpty() ? 1 : 0;
    }

    private Set<Peer> peers() {
        return peers.stream().filter(peer -> !peer.isEmpty()).map(Peer::parse).collect(Collectors.toSet());
    }

    private Release release(Path top) {
        Release now = Release.in(top, release);
        for (String image : List.of("weft-node-", "weft-dns-", "weft-ingress-")) {
            Path another = top.resolve("bundle/target/images/" + image + next + ".tar");
            now = another.toFile().exists() ? now.with(another) : now;
        }
        return now;
    }

    /** In the order in which they disturb each other least: repairs are told for ten minutes, so quiet comes first. */
    private Map<String, List<Fault>> faults() {
        Map<String, List<Fault>> faults = new LinkedHashMap<>();
        faults.put("quiet", List.of(new Quiet(Duration.ofSeconds(quietSeconds))));
        faults.put("specs", List.of(new WrongSpecs()));
        faults.put("outage", List.of(new ApiServerAway(Duration.ofSeconds(outageSeconds))));
        faults.put("kills", List.of(new AgentKills(pods, Math.min(pods, 50 * nodes), kills, 1)));
        faults.put("services", List.of(new ServicesKept(next, 5)));
        faults.put("udp", List.of(new DnsReplaced(3)));
        faults.put("policies", List.of(new FirstPacket(200, 20), new PoliciesKept(next, 5)));
        faults.put("dns", List.of(new DnsKept(Duration.ofSeconds(outageSeconds)), new DnsPlacement()));
        faults.put(
                "ingress",
                List.of(
                        new IngressKept(IngressChanged.REQUESTS),
                        new IngressChanged(next),
                        new IngressSockets(sockets)));
        faults.put("drift", List.of(new Drift()));
        faults.put("lease", List.of(new LeaseTaken()));
        faults.put("upgrade", List.of(new Upgrade(next, true)));
        faults.put("nodes", List.of(new NodesComeAndGo()));
        faults.put(
                "uninstall",
                List.of(
                        new Uninstall(Uninstall.Order.RESOURCE),
                        new Uninstall(Uninstall.Order.FOREGROUND),
                        new Uninstall(Uninstall.Order.NAMESPACE),
                        new Uninstall(Uninstall.Order.NODE_DOWN)));
        return faults;
    }
}
