package dev.weft.node;

import dev.weft.agent.Check;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.cni.ipam.FileSteps;
import dev.weft.cni.ipam.Lease;
import dev.weft.cni.ipam.LeaseStore;
import dev.weft.cni.nat.CniNat;
import dev.weft.cni.nat.NatPolicy;
import dev.weft.cni.nat.UdpFlows;
import dev.weft.cni.pod.PodGate;
import dev.weft.cni.pod.PodLinks;
import dev.weft.cni.pod.PodNetwork;
import dev.weft.cni.pod.PodSettings;
import dev.weft.cni.protocol.PodName;
import dev.weft.cni.server.CniServer;
import dev.weft.config.NodeConfig;
import dev.weft.kube.ObjectKey;
import dev.weft.linux.Netns;
import dev.weft.linux.Sysctl;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.nftables.NftablesKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Serves the CNI shim. Until the routes are there it takes pods away but makes none. */
final class PodService implements AutoCloseable {
    /** For so long an address is not given out again: peers and connections may still think of the old pod. */
    private static final Duration QUIET = Duration.ofSeconds(60);

    /** By namespace, how names of pods of the operator's Deployments and DaemonSets of servers begin. */
    private static final Map<String, String> OWN_PODS =
            Map.of("kube-system", "weft-dns-", "weft-system", "weft-ingress-");

    private final NodeConfig config;
    private final NftablesKernel nftables;
    private final CniNat nat;
    private final PodLinks links;
    private final UdpFlows udpFlows;
    private final LeaseStore leases;
    private final PodNetwork network;
    private final CniServer server;
    private volatile Optional<PodSettings> settings = Optional.empty();

    private PodService(NodePaths paths, NodeConfig config, Metrics metrics, PodGate gate) throws IOException {
        this.config = config;
        nftables = NftablesKernel.open();
        nat = new CniNat(nftables);
        links = PodLinks.open();
        udpFlows = UdpFlows.open();
        leases = LeaseStore.open(paths.leases(), FileSteps.REAL, Sysctl.bootId(), QUIET, InstantSource.system());
        try (Netns own = Netns.current()) {
            network = new PodNetwork(leases, links, nat, udpFlows, own.id(), Log.of("cni"), gate);
        }
        nat.setPolicy(policy());
        network.start();
        Files.createDirectories(paths.run());
        server = CniServer.start(paths.socket(), network, metrics, Log.of("cni"));
    }

    /**
     * Puts right what an earlier process left, and listens.
     *
     * @param gate what new pods wait for
     * @throws IOException if leases cannot be read or written
     */
    static PodService start(NodePaths paths, NodeConfig config, Metrics metrics, PodGate gate) throws IOException {
        return new PodService(paths, config, metrics, gate);
    }

    /** The addresses of each pod that the runtime named; of one that is being made anew, those of both. */
    Map<ObjectKey, List<Ip>> addresses() {
        Map<ObjectKey, List<Ip>> addresses = new HashMap<>();
        for (Lease lease : leases.leases()) {
            PodName pod = lease.pod();
            if (!pod.name().isEmpty()) {
                addresses.merge(
                        new ObjectKey(pod.namespace(), pod.name()),
                        lease.ips(),
                        (some, more) ->
                                Stream.concat(some.stream(), more.stream()).toList());
            }
        }
        return addresses;
    }

    /** Weft's own pods among them, DNS servers and ingress proxies: they go before the agent that unlinks them. */
    List<String> ownPods() {
        return leases.leases().stream()
                .map(Lease::pod)
                .filter(pod -> Optional.ofNullable(OWN_PODS.get(pod.namespace()))
                        .filter(pod.name()::startsWith)
                        .isPresent())
                .map(PodName::toString)
                .sorted()
                .toList();
    }

    private NatPolicy policy() {
        return new NatPolicy(
                config.masquerade().enabled(),
                config.podCidrs(),
                config.masquerade().except());
    }

    /** The routes are there: pods may come. */
    void serve(List<Cidr> podCidrs, int mtu) {
        if (podCidrs.isEmpty()) {
            settings = Optional.empty();
            network.refuse("this node has no podCIDR");
            return;
        }
        PodSettings now = new PodSettings(podCidrs, mtu);
        if (!settings.equals(Optional.of(now))) {
            network.configure(now);
            settings = Optional.of(now);
        }
    }

    /** See {@link PodNetwork#repair}. */
    List<String> repair() throws IOException {
        return network.repair();
    }

    int pods() {
        return network.pods();
    }

    PodLinks links() {
        return links;
    }

    Check readiness() {
        return settings.isPresent()
                ? Check.good()
                : Check.bad("pods are not served yet: the node's routes are not there");
    }

    /** Finishes requests in hand and leaves all pods as they are. */
    @Override
    public void close() {
        server.close();
        udpFlows.close();
        links.close();
        nftables.close();
    }
}
