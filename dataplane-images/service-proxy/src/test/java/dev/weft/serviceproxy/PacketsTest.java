package dev.weft.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.linux.Netns;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.NftablesKernel;
import dev.weft.serviceproxy.Oracle.Door;
import dev.weft.serviceproxy.Oracle.Verdict;
import dev.weft.serviceproxy.Wire.Client;
import dev.weft.serviceproxy.Wire.Outcome;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real connections through random Services reach exactly who the {@link Oracle} says, for S1 to S8, S11 and S12. */
@ExtendWith(NetworkNamespaces.class)
class PacketsTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 4);
    private static final int SERVICES = 4;

    private final List<Service> services = new ArrayList<>();
    private final List<EndpointSlice> slices = new ArrayList<>();

    @Test
    void ipv4(TestNetns node, TestNetns pod, TestNetns outside, TestNetns endpoints) throws Exception {
        run(new Wire(Family.IPV4, node, pod, outside, endpoints));
    }

    @Test
    void ipv6(TestNetns node, TestNetns pod, TestNetns outside, TestNetns endpoints) throws Exception {
        run(new Wire(Family.IPV6, node, pod, outside, endpoints));
    }

    static Site site(Wire wire) {
        return new Site(
                "node-0",
                "zone-0",
                List.of(wire.nodeAddress()),
                List.of(Cidr.containing(wire.endpoint(0, 2), wire.family == Family.IPV4 ? 24 : 64)));
    }

    private void run(Wire wire) throws Exception {
        long seed = Long.getLong("seed", 7);
        Random random = new Random(seed);
        Oracle oracle = new Oracle("node-0", "zone-0");
        try (wire;
                Netns netns = Netns.open(wire.node.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns);
                KernelFlows flows = KernelFlows.openIn(netns)) {
            Proxies proxy = Proxies.over(RandomCluster.CONFIG, site(wire), nftables, flows);
            proxy.resync();
            for (int round = 0; round < ROUNDS; round++) {
                for (int n = 0; n < SERVICES; n++) {
                    change(n, wire, random, proxy);
                }
                proxy.follow();
                for (int n = 0; n < SERVICES; n++) {
                    check(n, wire, oracle, "seed " + seed + " round " + round);
                }
            }
            undefined(wire);
        }
    }

    private void change(int n, Wire wire, Random random, Proxies proxy) {
        ObjectKey key = new ObjectKey("ns", "svc-" + n);
        int vip = n + 1;
        Service service = new Service(
                key,
                "LoadBalancer",
                List.of(wire.ip("10.96.0." + vip, "fd00:96::" + vip)),
                List.of(new Service.Port("t", 6, 80, 30_000 + n), new Service.Port("u", 17, 80, 30_000 + n)),
                new Service.External(
                        List.of(wire.ip("203.0.113." + vip, "2001:db8:1::" + vip)),
                        List.of(wire.ip("198.51.100." + vip, "2001:db8:2::" + vip)),
                        random.nextInt(3) > 0
                                ? List.of()
                                : List.of(
                                        Cidr.host(List.of(wire.podAddress(), wire.outsideAddress(), wire.nodeAddress())
                                                .get(random.nextInt(3)))),
                        random.nextBoolean(),
                        0),
                random.nextInt(3) == 0,
                0);
        List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
        boolean zones = random.nextInt(3) == 0;
        boolean nodes = random.nextInt(4) == 0;
        int likely = random.nextInt(4);
        for (int on = 0; on < 2; on++) {
            for (int e = 2; e < 5; e++) {
                if (random.nextInt(4) < likely) {
                    boolean ready = random.nextInt(3) > 0;
                    endpoints.add(new EndpointSlice.Endpoint(
                            wire.endpoint(on, e),
                            "node-" + on,
                            ready,
                            ready || random.nextBoolean(),
                            !ready && random.nextInt(3) > 0,
                            new EndpointSlice.Hints(
                                    zones ? Set.of("zone-" + random.nextInt(2)) : Set.of(),
                                    nodes ? Set.of("node-" + on) : Set.of())));
                }
            }
        }
        EndpointSlice slice = new EndpointSlice(
                key.name(),
                List.of(new EndpointSlice.Port("t", 6, Wire.TARGET), new EndpointSlice.Port("u", 17, Wire.TARGET)),
                endpoints,
                0);
        proxy.put(service);
        proxy.put(key, n < slices.size() ? Optional.of(slices.get(n)) : Optional.empty(), slice);
        if (n < services.size()) {
            services.set(n, service);
            slices.set(n, slice);
        } else {
            services.add(service);
            slices.add(slice);
        }
    }

    private void check(int n, Wire wire, Oracle oracle, String where) {
        Service service = services.get(n);
        for (Door door : Door.values()) {
            Ip to = switch (door) {
                case CLUSTER_IP -> service.clusterIps().getFirst();
                case EXTERNAL_IP -> service.external().ips().getFirst();
                case LOAD_BALANCER -> service.external().loadBalancerIps().getFirst();
                case NODE_PORT -> wire.nodeAddress();
            };
            int port = door == Door.NODE_PORT ? 30_000 + n : 80;
            for (Client client : Client.values()) {
                Ip source = switch (client) {
                    case POD -> wire.podAddress();
                    case NODE -> wire.nodeAddress();
                    case OUTSIDE -> wire.outsideAddress();
                };
                // Of the node itself, the address it is reached at is the source.
                Verdict verdict = oracle.verdict(service, slices.get(n).endpoints(), door, client, source);
                for (int protocol : List.of(6, 17)) {
                    boolean silent = verdict.endpoints().isEmpty() && !verdict.refused();
                    Outcome outcome = wire.ask(client, protocol, to, port, silent);
                    String as = where + ": " + client + " to " + door + " " + to + " protocol " + protocol + " of "
                            + service + " with " + slices.get(n);
                    matches(verdict, outcome, source, as);
                }
            }
        }
    }

    private static void matches(Verdict verdict, Outcome outcome, Ip source, String as) {
        switch (outcome) {
            case Outcome.Answered(Ip endpoint, Ip seen) -> {
                assertThat(verdict.endpoints()).as(as).contains(endpoint);
                if (verdict.sourceKept()) {
                    assertThat(seen).as(as).isEqualTo(source);
                } else {
                    assertThat(seen).as(as).isNotEqualTo(source);
                }
            }
            case Outcome.Refused() -> {
                assertThat(verdict.endpoints()).as(as).isEmpty();
                assertThat(verdict.refused()).as(as).isTrue();
            }
            case Outcome.Silence() -> {
                assertThat(verdict.endpoints()).as(as).isEmpty();
                assertThat(verdict.refused()).as(as).isFalse();
            }
        }
    }

    private void undefined(Wire wire) {
        Ip known = services.getFirst().clusterIps().getFirst();
        Ip unknown = wire.ip("10.96.0.250", "fd00:96::250");
        for (Client client : List.of(Client.POD, Client.NODE)) {
            assertThat(wire.ask(client, 6, known, 81, false)).isEqualTo(new Outcome.Refused());
            assertThat(wire.ask(client, 6, unknown, 80, true)).isEqualTo(new Outcome.Silence());
        }
        Ip loopback = wire.ip("127.0.0.1", "::1");
        for (int n = 0; n < SERVICES; n++) {
            assertThat(wire.ask(Client.NODE, 6, loopback, 30_000 + n, false))
                    .as("node ports are never open on the loopback address (S4)")
                    .isEqualTo(new Outcome.Refused());
        }
    }
}
