package dev.weft.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.Service;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.NftablesKernel;
import dev.weft.serviceproxy.Wire.Client;
import dev.weft.serviceproxy.Wire.Outcome;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What lasts longer than one connection: affinity (S10), a pod that meets itself (S3), UDP flows (S13). */
@ExtendWith(NetworkNamespaces.class)
class ConnectionsTest {
    private interface Body {
        void run(Wire wire, Proxies proxy) throws IOException;
    }

    private static void on(Family family, TestNetns[] namespaces, Body body) throws Exception {
        on(family, namespaces, Runnable::run, body);
    }

    private static void on(Family family, TestNetns[] namespaces, Executor later, Body body) throws Exception {
        try (Wire wire = new Wire(family, namespaces[0], namespaces[1], namespaces[2], namespaces[3]);
                Netns netns = Netns.open(wire.node.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns);
                KernelFlows flows = KernelFlows.openIn(netns, Runnable::run, later)) {
            Proxies proxy = Proxies.over(RandomCluster.CONFIG, PacketsTest.site(wire), nftables, flows);
            proxy.resync();
            body.run(wire, proxy);
        }
    }

    private static Ip vip(Wire wire) {
        return wire.ip("10.96.0.1", "fd00:96::1");
    }

    private static Set<Ip> reached(Wire wire, Client client, Ip to, int port, int times) {
        Set<Ip> reached = new HashSet<>();
        for (int i = 0; i < times; i++) {
            reached.add(((Outcome.Answered) wire.ask(client, 6, to, port, false)).endpoint());
        }
        return reached;
    }

    private static void affinity(Family family, TestNetns... namespaces) throws Exception {
        on(family, namespaces, (wire, proxy) -> {
            Ip[] all = wire.endpointAddresses().toArray(Ip[]::new);
            EndpointSlice slice = Samples.slice(all);
            proxy.put(Samples.web(vip(wire), 0));
            proxy.put(Samples.WEB, Optional.empty(), slice);
            proxy.follow();
            assertThat(reached(wire, Client.POD, vip(wire), 80, 60)).hasSizeGreaterThan(2);

            proxy.put(Samples.web(vip(wire), 60));
            proxy.follow();
            Set<Ip> first = reached(wire, Client.POD, vip(wire), 80, 20);
            assertThat(first).hasSize(1);
            assertThat(reached(wire, Client.POD, wire.nodeAddress(), 30_080, 10))
                    .as("whatever the address of the Service")
                    .isEqualTo(first);

            Ip gone = first.iterator().next();
            EndpointSlice without = Samples.slice(wire.endpointAddresses().stream()
                    .filter(ip -> !ip.equals(gone))
                    .toArray(Ip[]::new));
            proxy.put(Samples.WEB, Optional.of(slice), without);
            proxy.follow();
            assertThat(reached(wire, Client.POD, vip(wire), 80, 10))
                    .hasSize(1)
                    .as("its entries went with it")
                    .doesNotContain(gone);
        });
    }

    @Test
    void clients_stay_with_their_endpoint(TestNetns a, TestNetns b, TestNetns c, TestNetns d) throws Exception {
        affinity(Family.IPV4, a, b, c, d);
    }

    @Test
    void clients_stay_with_their_endpoint_over_ipv6(TestNetns a, TestNetns b, TestNetns c, TestNetns d)
            throws Exception {
        affinity(Family.IPV6, a, b, c, d);
    }

    @Test
    void a_pod_reaches_itself(TestNetns a, TestNetns b, TestNetns c, TestNetns d) throws Exception {
        on(Family.IPV4, new TestNetns[] {a, b, c, d}, (wire, proxy) -> {
            Ip self = wire.endpoint(0, 2);
            proxy.put(Samples.web(vip(wire), 0));
            proxy.put(Samples.WEB, Optional.empty(), Samples.slice(self));
            proxy.follow();
            Outcome.Answered answer = (Outcome.Answered) wire.askFrom(self, vip(wire), 80);
            assertThat(answer.endpoint()).isEqualTo(self);
            assertThat(answer.seenSource()).isNotEqualTo(self);
        });
    }

    @Test
    void udp_flows_follow_their_endpoint_and_no_other_is_touched(TestNetns a, TestNetns b, TestNetns c, TestNetns d)
            throws Exception {
        on(Family.IPV4, new TestNetns[] {a, b, c, d}, (wire, proxy) -> {
            Ip one = wire.endpoint(0, 2);
            Ip two = wire.endpoint(1, 2);
            Service web = Samples.web(vip(wire), 0);
            EndpointSlice first = Samples.slice(one);
            proxy.put(web);
            proxy.put(Samples.WEB, Optional.empty(), first);
            proxy.follow();
            try (DatagramSocket client = wire.udpSocket(Client.POD, vip(wire), 80);
                    DatagramSocket byNode = wire.udpSocket(Client.OUTSIDE, wire.nodeAddress(), 30_080)) {
                assertThat(endpoint(client)).isEqualTo(one);
                assertThat(endpoint(byNode)).isEqualTo(one);

                EndpointSlice second = Samples.slice(one, two);
                proxy.put(Samples.WEB, Optional.of(first), second);
                proxy.follow();
                proxy.resync();
                assertThat(endpoint(client))
                        .as("an endpoint that stays keeps its flows")
                        .isEqualTo(one);

                EndpointSlice third = Samples.slice(two);
                proxy.put(Samples.WEB, Optional.of(second), third);
                proxy.follow();
                assertThat(endpoint(client)).isEqualTo(two);
                assertThat(endpoint(byNode)).isEqualTo(two);

                EndpointSlice none = Samples.slice();
                proxy.put(Samples.WEB, Optional.of(third), none);
                proxy.follow();
                assertThat(Wire.udp(client, false)).isEqualTo(new Outcome.Refused());

                proxy.put(Samples.WEB, Optional.of(none), first);
                proxy.follow();
                assertThat(endpoint(client)).as("from none to some").isEqualTo(one);
            }
        });
    }

    @Test
    void udp_flows_stay_with_an_endpoint_that_terminates_until_it_has_left(
            TestNetns a, TestNetns b, TestNetns c, TestNetns d) throws Exception {
        on(Family.IPV4, new TestNetns[] {a, b, c, d}, (wire, proxy) -> {
            Ip one = wire.endpoint(0, 2);
            Ip two = wire.endpoint(1, 2);
            EndpointSlice.Endpoint stays = Samples.endpoint(two, "node-1", true, true, false);
            EndpointSlice first = Samples.slice(one);
            EndpointSlice draining = Samples.slice(List.of(Samples.endpoint(one, "node-0", false, true, true), stays));
            proxy.put(Samples.web(vip(wire), 0));
            proxy.put(Samples.WEB, Optional.empty(), first);
            proxy.follow();
            try (DatagramSocket old = wire.udpSocket(Client.POD, vip(wire), 80)) {
                assertThat(endpoint(old)).isEqualTo(one);
                proxy.put(Samples.WEB, Optional.of(first), draining);
                proxy.follow();
                assertThat(endpoint(old)).isEqualTo(one);
                try (DatagramSocket fresh = wire.udpSocket(Client.POD, vip(wire), 80)) {
                    assertThat(endpoint(fresh)).isEqualTo(two);
                    proxy.put(Samples.WEB, Optional.of(draining), Samples.slice(List.of(stays)));
                    proxy.follow();
                    assertThat(endpoint(fresh)).isEqualTo(two);
                }
                assertThat(endpoint(old)).isEqualTo(two);
            }
        });
    }

    @Test
    void what_an_endpoint_was_asked_before_it_went_is_answered(TestNetns a, TestNetns b, TestNetns c, TestNetns d)
            throws Exception {
        List<Runnable> later = new ArrayList<>();
        on(Family.IPV4, new TestNetns[] {a, b, c, d}, later::add, (wire, proxy) -> {
            Ip one = wire.endpoint(0, 2);
            Ip two = wire.endpoint(1, 2);
            EndpointSlice first = Samples.slice(one);
            proxy.put(Samples.web(vip(wire), 0));
            proxy.put(Samples.WEB, Optional.empty(), first);
            proxy.follow();
            try (DatagramSocket client = wire.udpSocket(Client.POD, vip(wire), 80)) {
                client.setSoTimeout(3000);
                wire.answers.lock();
                try {
                    Wire.ask(client);
                    proxy.put(Samples.WEB, Optional.of(first), Samples.slice(two));
                    proxy.follow();
                } finally {
                    wire.answers.unlock();
                }
                assertThat(Wire.receive(client))
                        .matches(o -> o instanceof Outcome.Answered by
                                && by.endpoint().equals(one));
                assertThat(later).hasSize(1);
                later.forEach(Runnable::run);
                assertThat(endpoint(client)).isEqualTo(two);
            }
        });
    }

    private static Ip endpoint(DatagramSocket socket) throws IOException {
        return ((Outcome.Answered) Wire.udp(socket, false)).endpoint();
    }
}
