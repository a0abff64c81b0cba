package dev.weft.cni.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pod links in the kernel: a node and two pods, each a network namespace. */
@ExtendWith(NetworkNamespaces.class)
class PodLinksTest {
    private TestNetns node;
    private Netns nodeNs;
    private PodLinks links;

    @BeforeEach
    void open(TestNetns node) {
        this.node = node;
        node.exec("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        node.ip("addr", "add", "172.18.0.2/32", "dev", "lo");
        node.ip("addr", "add", "fd00:172::2/128", "dev", "lo");
        nodeNs = Netns.open(node.path());
        links = nodeNs.call(PodLinks::open);
    }

    @AfterEach
    void close() {
        links.close();
        nodeNs.close();
    }

    private static PodLink link(int number, Bandwidth bandwidth) {
        Attachment attachment = new Attachment("c" + number, "eth0");
        return new PodLink(
                attachment.hostLink(),
                "eth0",
                MacAddress.derivedFrom("host/" + attachment),
                MacAddress.derivedFrom("pod/" + attachment),
                List.of(Ip.parse("10.244.1." + number), Ip.parse("fd00:244:1::" + number)),
                1450,
                false,
                bandwidth);
    }

    private void create(PodLink link, TestNetns pod) {
        try (Netns netns = Netns.open(pod.path())) {
            nodeNs.call(() -> {
                links.create(link, netns);
                return link;
            });
        }
    }

    private List<String> check(PodLink link, TestNetns pod) {
        try (Netns netns = Netns.open(pod.path())) {
            return links.check(link, netns);
        }
    }

    private String snapshot() {
        return node.ip("-o", "link").replaceAll("(?m)^\\d+: (?!lo).*\n", "")
                + node.ip("route", "show", "table", "all")
                + node.ip("-6", "route", "show", "table", "all")
                + node.ip("neigh")
                + node.ip("-6", "neigh");
    }

    @Test
    @SuppressWarnings("try") // the servers are there to be asked
    void podsTalkInBothFamiliesAndNothingIsLeftOfThem(TestNetns a, TestNetns b) throws Exception {
        String before = snapshot();
        create(link(5, Bandwidth.UNLIMITED), a);
        create(link(6, Bandwidth.UNLIMITED), b);

        try (AutoCloseable first = Traffic.serveTcp(a, 80, "a");
                AutoCloseable second = Traffic.serveUdp(b, 53, "b")) {
            assertThat(Traffic.askTcp(b, "10.244.1.5", 80)).isEqualTo("a 10.244.1.6");
            assertThat(Traffic.askTcp(b, "fd00:244:1::5", 80)).isEqualTo("a fd00:244:1:0:0:0:0:6");
            assertThat(Traffic.askUdp(a, "10.244.1.6", 53)).isEqualTo("b 10.244.1.5");
            assertThat(Traffic.askUdp(node, "fd00:244:1::6", 53)).startsWith("b ");
        }
        assertThat(check(link(5, Bandwidth.UNLIMITED), a)).isEmpty();
        assertThat(links.existing())
                .isEqualTo(Map.of(
                        link(5, Bandwidth.UNLIMITED).hostLink(),
                                link(5, Bandwidth.UNLIMITED).ips(),
                        link(6, Bandwidth.UNLIMITED).hostLink(),
                                link(6, Bandwidth.UNLIMITED).ips()));
        assertThat(node.ip("route")).contains("10.244.1.5 dev weft", "proto 87 scope link");

        links.delete(link(5, Bandwidth.UNLIMITED).hostLink());
        links.delete(link(5, Bandwidth.UNLIMITED).hostLink());
        links.delete(link(6, Bandwidth.UNLIMITED).hostLink());
        assertThat(links.existing()).isEmpty();
        assertThat(a.ip("-o", "link")).doesNotContain("eth0");
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void thePodsSideIsAsPromised(TestNetns a) {
        create(link(5, Bandwidth.UNLIMITED), a);

        assertThat(a.ip("route")).startsWith("default via 169.254.1.1 dev eth0 proto 87 onlink");
        assertThat(a.ip("-6", "route")).contains("default via fe80::1 dev eth0 proto 87");
        assertThat(a.ip("-o", "addr", "show", "dev", "eth0"))
                .contains("inet 10.244.1.5/32", "inet6 fd00:244:1::5/128 scope global");
        assertThat(a.ip("-o", "-6", "addr", "show", "dev", "eth0", "to", "fd00::/8"))
                .contains("nodad")
                .doesNotContain("tentative");
        assertThat(a.ip("link", "show", "eth0")).contains("mtu 1450", "state UP");
        assertThat(a.ip("link", "show", "lo")).contains("UP");
        assertThat(a.exec("cat", "/proc/sys/net/ipv6/conf/eth0/accept_ra")).isEqualTo("0\n");
    }

    @Test
    void aHalfMadeLinkOfAnEarlierTryIsReplaced(TestNetns a, TestNetns stale) {
        create(link(5, Bandwidth.UNLIMITED), stale);
        create(link(5, Bandwidth.UNLIMITED), a);

        assertThat(check(link(5, Bandwidth.UNLIMITED), a)).isEmpty();
        assertThat(stale.ip("-o", "link")).doesNotContain("eth0");
    }

    @Test
    void failuresLeaveNothing(TestNetns a) {
        String before = snapshot();
        a.ip("link", "add", "eth0", "type", "veth", "peer", "name", "other");

        assertThatThrownBy(() -> create(link(5, Bandwidth.UNLIMITED), a))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST))
                .hasMessageContaining("eth0: RTM_NEWLINK: EEXIST");
        a.ip("link", "del", "eth0");
        PodLink tooSmallForIpv6 = new PodLink(
                link(5, Bandwidth.UNLIMITED).hostLink(),
                "eth0",
                MacAddress.parse("02:00:00:00:00:01"),
                MacAddress.parse("02:00:00:00:00:02"),
                List.of(Ip.parse("10.244.1.5"), Ip.parse("fd00::5")),
                1000,
                false,
                Bandwidth.UNLIMITED);
        assertThatThrownBy(() -> create(tooSmallForIpv6, a)).isInstanceOf(RuntimeException.class);

        assertThat(links.existing()).isEmpty();
        assertThat(snapshot()).isEqualTo(before);
        assertThat(a.ip("-o", "link")).doesNotContain("eth0");
    }

    @Test
    void checkNamesWhatIsMissingAndRepairPutsTheNodesSideBack(TestNetns a) {
        PodLink link = link(5, Bandwidth.UNLIMITED);
        create(link, a);
        node.ip("route", "del", "10.244.1.5");
        node.ip("-6", "neigh", "flush", "dev", link.hostLink(), "nud", "permanent");
        a.ip("addr", "del", "fd00:244:1::5/128", "dev", "eth0");

        assertThat(check(link, a))
                .containsExactlyInAnyOrder(
                        "route 10.244.1.5 dev " + link.hostLink() + " was missing",
                        "neighbour fd00:244:1::5 dev " + link.hostLink() + " was missing",
                        "address fd00:244:1::5/128 on eth0 was missing");
        a.ip("addr", "add", "fd00:244:1::5/128", "dev", "eth0", "nodad");
        assertThat(repair(link)).hasSize(2);
        assertThat(check(link, a)).isEmpty();
        assertThat(repair(link)).isEmpty();

        node.ip("link", "set", link.hostLink(), "down");
        assertThat(repair(link)).contains("interface " + link.hostLink() + " of the node was down");
        assertThat(check(link, a)).isEmpty();
    }

    private List<String> repair(PodLink link) {
        return nodeNs.call(() -> links.suspects(List.of(link)).equals(List.of(link)) ? links.repair(link) : List.of());
    }

    @Test
    void limitsAreQueuesOnBothEnds(TestNetns a) {
        PodLink link = link(5, new Bandwidth(8_000_000, 800_000, 16_000_000, 4_294_967_295L));
        create(link, a);

        assertThat(node.tc("qdisc", "show", "dev", link(5, Bandwidth.UNLIMITED).hostLink()))
                .contains("qdisc tbf", "rate 8Mbit", "burst 100000b");
        assertThat(a.tc("qdisc", "show", "dev", "eth0")).contains("qdisc tbf", "rate 16Mbit", "burst 200000b");

        assertThat(check(link, a)).isEmpty();
        node.tc("qdisc", "del", "dev", link.hostLink(), "root");
        a.tc("qdisc", "del", "dev", "eth0", "root");
        assertThat(check(link, a))
                .containsExactly(
                        "bandwidth limit on " + link.hostLink() + " was missing",
                        "bandwidth limit on eth0 was missing");
    }
}
