package dev.weft.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.linux.NetlinkSocket.Protocol;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NetworkNamespaces.class)
class NetlinkSocketTest {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int CREATE = NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;

    private static NetlinkSocket open(TestNetns netns, Protocol protocol) {
        try (Netns opened = Netns.open(netns.path())) {
            return NetlinkSocket.openIn(opened, protocol);
        }
    }

    private static NetlinkMessage newBridge(String name) {
        return new NetlinkWriter()
                .zeros(16)
                .attr(IFLA_IFNAME, name)
                .nest(IFLA_LINKINFO)
                .attr(1, "bridge")
                .endNest()
                .message(RTM_NEWLINK, CREATE);
    }

    private static List<String> names(List<NetlinkMessage> messages) {
        List<String> names = new ArrayList<>();
        for (NetlinkMessage message : messages) {
            NetlinkReader reader = NetlinkReader.of(message, 16);
            while (reader.next()) {
                if (reader.type() == IFLA_IFNAME) {
                    names.add(reader.string());
                }
            }
        }
        return names;
    }

    @Test
    void aSocketSeesTheNamespaceItWasOpenedIn(TestNetns netns) {
        netns.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1");
        try (NetlinkSocket socket = open(netns, Protocol.ROUTE)) {
            List<NetlinkMessage> links =
                    socket.dump(new NetlinkWriter().zeros(16).message(RTM_GETLINK, 0));
            assertThat(names(links)).containsExactlyInAnyOrder("lo", "v0", "v1");
        }
    }

    @Test
    void everyMessageHasItsOwnAnswer(TestNetns netns) {
        try (NetlinkSocket socket = open(netns, Protocol.ROUTE)) {
            NetlinkMessage noName =
                    new NetlinkWriter().zeros(16).attr(IFLA_IFNAME, "nothere").message(RTM_DELLINK, 0);
            List<NetlinkResult> results =
                    socket.request(List.of(newBridge("br0"), newBridge("br0"), noName, newBridge("br1")));

            assertThat(results).extracting(NetlinkResult::errno).containsExactly(0, Errno.EEXIST, Errno.ENODEV, 0);
            assertThatThrownBy(() -> results.get(2).orThrow("RTM_DELLINK", "delete nothere"))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV))
                    .hasMessageContaining("delete nothere: RTM_DELLINK: ENODEV");
        }
    }

    @Test
    void theKernelsExplanationComesWithTheError(TestNetns netns) {
        try (NetlinkSocket socket = open(netns, Protocol.ROUTE)) {
            NetlinkMessage tooLong = new NetlinkWriter()
                    .zeros(16)
                    .attr(IFLA_IFNAME, "x".repeat(40).getBytes(StandardCharsets.UTF_8))
                    .message(RTM_NEWLINK, CREATE);
            NetlinkResult result = socket.request(tooLong);
            assertThat(result.ok()).isFalse();
            assertThat(result.answer().text()).isNotEmpty();
            assertThat(result.answer().offset()).isEqualTo(32);
        }
    }

    @Test
    void moreMessagesThanFitInOneSend(TestNetns netns) {
        try (NetlinkSocket socket = open(netns, Protocol.ROUTE)) {
            NetlinkMessage unknown =
                    new NetlinkWriter().zeros(16).attr(IFLA_IFNAME, "nothere").message(RTM_DELLINK, 0);
            List<NetlinkMessage> many = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                many.add(unknown);
            }
            assertThat(socket.request(many)).hasSize(5000).allMatch(r -> r.errno() == Errno.ENODEV);
        }
    }

    @Test
    void getReturnsTheObject(TestNetns netns) {
        try (NetlinkSocket socket = open(netns, Protocol.ROUTE)) {
            NetlinkMessage get =
                    new NetlinkWriter().zeros(16).attr(IFLA_IFNAME, "lo").message(RTM_GETLINK, 0);
            assertThat(names(socket.request(get).data())).containsExactly("lo");
        }
    }

    @Test
    void notificationsArriveAndSilenceIsAnEvent(TestNetns netns) {
        try (NetlinkSocket socket = open(netns, Protocol.ROUTE)) {
            socket.join(1); // RTNLGRP_LINK
            assertThat(socket.receive(Duration.ZERO)).isEqualTo(new NetlinkEvent.Nothing());
            netns.ip("link", "add", "br0", "type", "bridge");
            assertThat(socket.receive(Duration.ofSeconds(5)))
                    .isInstanceOfSatisfying(
                            NetlinkEvent.Received.class,
                            e -> assertThat(names(e.messages())).contains("br0"));
            assertThatThrownBy(() -> socket.request(newBridge("x"))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void lostNotificationsAreAnEvent(TestNetns netns) {
        try (NetlinkSocket socket = open(netns, Protocol.ROUTE);
                NetlinkSocket writer = open(netns, Protocol.ROUTE)) {
            socket.join(1);
            socket.setReceiveBuffer(4096);
            for (int i = 0; i < 20; i++) {
                writer.request(newBridge("br" + i)).orThrow("RTM_NEWLINK", "add a bridge");
            }
            List<NetlinkEvent> events = new ArrayList<>();
            do {
                events.add(socket.receive(Duration.ZERO));
            } while (!(events.getLast() instanceof NetlinkEvent.Nothing));
            assertThat(events).contains(new NetlinkEvent.Overrun());
        }
    }

    @Test
    void aClosedSocketSaysSo(TestNetns netns) {
        NetlinkSocket socket = open(netns, Protocol.ROUTE);
        socket.close();
        socket.close();
        assertThatThrownBy(() -> socket.request(newBridge("x"))).isInstanceOf(IllegalStateException.class);
    }

    // nfnetlink: a table, one set of IPv4 addresses, hundreds of thousands of elements.

    private static NetlinkMessage nft(int type, int flags, NetlinkWriter attributes) {
        NetlinkWriter writer = new NetlinkWriter().u8(2).u8(0).be16(0).bytes(attributes.toBytes());
        return writer.message(10 << 8 | type, flags);
    }

    private static NetlinkMessage control(int type) {
        return new NetlinkWriter().u8(0).u8(0).be16(10).message(type, 0);
    }

    private static NetlinkMessage newTable() {
        return nft(0, NetlinkMessage.NLM_F_CREATE, new NetlinkWriter().attr(1, "t"));
    }

    private static NetlinkMessage newSet() {
        NetlinkWriter set = new NetlinkWriter()
                .attr(1, "t")
                .attr(2, "s")
                .attrBe32(3, 0)
                .attrBe32(4, 7)
                .attrBe32(5, 4)
                .attrBe32(10, 1);
        return nft(9, NetlinkMessage.NLM_F_CREATE, set);
    }

    private static NetlinkMessage elements(int from, int count) {
        NetlinkWriter list = new NetlinkWriter().attr(1, "t").attr(2, "s").nest(3);
        for (int i = from; i < from + count; i++) {
            list.nest(1).nest(1).attrBe32(1, i).endNest().endNest();
        }
        return nft(12, NetlinkMessage.NLM_F_CREATE, list.endNest());
    }

    @Test
    void aBatchOfMegabytesGoesInOneTransaction(TestNetns netns) {
        List<NetlinkMessage> batch = new ArrayList<>(List.of(control(0x10), newTable(), newSet()));
        for (int i = 0; i < 100; i++) {
            batch.add(elements(i * 3000, 3000));
        }
        batch.add(control(0x11));
        try (NetlinkSocket socket = open(netns, Protocol.NETFILTER)) {
            assertThat(batch.stream().mapToInt(NetlinkMessage::length).sum()).isGreaterThan(4_000_000);
            assertThat(socket.request(batch)).hasSameSizeAs(batch).allMatch(NetlinkResult::ok);
            NetlinkMessage get = nft(13, 0, new NetlinkWriter().attr(1, "t").attr(2, "s"));
            assertThat(socket.dump(get)).hasSizeGreaterThan(100);
        }
    }

    @Test
    void aBatchThatFailsNamesTheMessage(TestNetns netns) {
        try (NetlinkSocket socket = open(netns, Protocol.NETFILTER)) {
            List<NetlinkResult> results =
                    socket.request(List.of(control(0x10), newTable(), elements(0, 1), newTable(), control(0x11)));
            assertThat(results).extracting(NetlinkResult::errno).containsExactly(0, 0, Errno.ENOENT, 0, 0);
        }
        assertThat(netns.nft("list", "tables")).isEmpty();
    }
}
