package dev.weft.nftables;

import static dev.weft.nftables.Nft.dnat;
import static dev.weft.nftables.Nft.ipDaddr;
import static dev.weft.nftables.Nft.l4proto;
import static dev.weft.nftables.Nft.numgenRandom;
import static dev.weft.nftables.Nft.rule;
import static dev.weft.nftables.Nft.thDport;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Packets through maps with concatenated keys: registers and byte orders are what the kernel takes them for. */
@ExtendWith(NetworkNamespaces.class)
class ServiceLayoutTest {
    private static final String VIP = "10.96.0.1";
    private static final List<String> PODS = List.of("10.244.0.2", "10.244.0.3", "10.244.0.4");

    @Test
    void connections_to_a_service_reach_all_its_endpoints(TestNetns testNetns) throws IOException {
        testNetns.ip("addr", "add", VIP + "/32", "dev", "lo");
        for (String pod : PODS) {
            testNetns.ip("addr", "add", pod + "/32", "dev", "lo");
        }
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            nftables.apply(services());
            Set<String> reached = netns.call(() -> {
                try (ServerSocketChannel first = listen(PODS.get(0));
                        ServerSocketChannel second = listen(PODS.get(1));
                        ServerSocketChannel third = listen(PODS.get(2))) {
                    List<ServerSocketChannel> servers = List.of(first, second, third);
                    Set<String> hosts = new TreeSet<>();
                    for (int i = 0; i < 200 && hosts.size() < PODS.size(); i++) {
                        connect(80);
                        servers.forEach(server -> accepted(server, hosts));
                    }
                    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(81));
                    return hosts;
                }
            });
            assertThat(reached).containsExactlyElementsOf(PODS);
        }
    }

    private static Ruleset services() {
        NftSet services = NftSet.verdictMap("services", DataType.IPV4_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE);
        NftSet endpoints = NftSet.map(
                "endpoints",
                SetType.of(DataType.IPV4_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE, DataType.SLOT),
                SetType.of(DataType.IPV4_ADDR, DataType.INET_SERVICE));
        Ip vip = Ip.parse(VIP);
        List<Element> slots = new ArrayList<>();
        for (String pod : PODS) {
            slots.add(Element.of(endpoints.key(vip, Nft.TCP, 80, slots.size()), endpoints.value(Ip.parse(pod), 8080)));
        }
        Selector service = ipDaddr().dot(l4proto()).dot(thDport());
        return Ruleset.of(Table.ip("services"))
                .set(services, Element.of(services.key(vip, Nft.TCP, 80), Verdict.goTo("lb_3")))
                .set(endpoints, slots)
                .chain(Chain.of("lb_3"), rule(dnat(service.dot(numgenRandom(3)).map(endpoints))))
                .chain(
                        Chain.base("output", Hook.Type.NAT, Hook.Point.OUTPUT, Hook.DSTNAT),
                        rule(service.vmap(services)))
                .build();
    }

    private static ServerSocketChannel listen(String address) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(address, 8080));
        server.configureBlocking(false);
        return server;
    }

    private static void connect(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(VIP, port), 5000);
        }
    }

    private static void accepted(ServerSocketChannel server, Set<String> hosts) {
        try {
            var connection = server.accept();
            if (connection != null) {
                hosts.add(((InetSocketAddress) server.getLocalAddress()).getHostString());
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
