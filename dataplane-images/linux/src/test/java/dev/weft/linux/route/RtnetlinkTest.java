package dev.weft.linux.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NetworkNamespaces.class)
class RtnetlinkTest {
    private static final MacAddress MAC_A = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress MAC_B = MacAddress.parse("02:00:00:00:00:0b");
    private static final int OURS = 87;

    private static Rtnetlink open(TestNetns netns) {
        try (Netns opened = Netns.open(netns.path())) {
            return Rtnetlink.openIn(opened);
        }
    }

    private static Ip ip(String text) {
        return Ip.parse(text);
    }

    private static Cidr cidr(String text) {
        return Cidr.parse(text);
    }

    /** A link that is up, with carrier. */
    private static int upLink(Rtnetlink rtnetlink) {
        VethPair pair = new VethPair(new VethPair.End("v0", MAC_A, 1500), new VethPair.End("v1", MAC_B, 1500));
        rtnetlink.apply(
                pair.create(),
                LinkChange.withoutLinkLocal("v0"),
                LinkChange.of("v0").up().change(),
                LinkChange.withoutLinkLocal("v1"),
                LinkChange.of("v1").up().change());
        return rtnetlink.link("v0").orElseThrow().index();
    }

    @Test
    void aVethPairIsMadeAcrossNamespacesInOneMessage(TestNetns host, TestNetns pod) {
        try (Netns podNetns = Netns.open(pod.path());
                Rtnetlink onHost = open(host);
                Rtnetlink inPod = Rtnetlink.openIn(podNetns)) {
            VethPair pair = new VethPair(
                    new VethPair.End("weft0123456789a", MAC_A, 1400),
                    new VethPair.End("eth0", Optional.of(MAC_B), 1400, OptionalInt.of(2)));
            onHost.apply(
                    pair.create(podNetns),
                    LinkChange.withoutLinkLocal("weft0123456789a"),
                    LinkChange.of("weft0123456789a").up().change());
            inPod.apply(LinkChange.withoutLinkLocal(2), LinkChange.of(2).up().change());

            Link near = onHost.link("weft0123456789a").orElseThrow();
            assertThat(near.kind()).isEqualTo("veth");
            assertThat(near.mac()).contains(MAC_A);
            assertThat(near.mtu()).isEqualTo(1400);
            assertThat(near.up()).isTrue();
            Link far = inPod.link("eth0").orElseThrow();
            assertThat(far.mac()).contains(MAC_B);
            assertThat(far.mtu()).isEqualTo(1400);
            assertThat(far.index()).isEqualTo(2);
            assertThat(far.parent()).isEqualTo(near.index());
            assertThat(near.parent()).isEqualTo(2);
            assertThat(inPod.links()).extracting(Link::name).containsExactlyInAnyOrder("lo", "eth0");
            assertThat(pod.ip("-6", "addr", "show", "dev", "eth0")).doesNotContain("fe80");

            Outcome again = onHost.attempt(List.of(pair.create(podNetns))).getFirst();
            assertThat(again.done()).isFalse();
            assertThat(again.errno()).isEqualTo(Errno.EEXIST);

            onHost.apply(LinkChange.delete("weft0123456789a"));
            assertThat(inPod.link("eth0")).isEmpty();
            onHost.apply(LinkChange.delete("weft0123456789a").orAbsent());
            assertThatThrownBy(() -> onHost.apply(LinkChange.delete("weft0123456789a")))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV))
                    .hasMessageStartingWith("delete link weft0123456789a: RTM_DELLINK: ENODEV");
        }
    }

    @Test
    void aLinkIsRenamedAndMoved(TestNetns from, TestNetns to) {
        try (Netns target = Netns.open(to.path());
                Rtnetlink here = open(from);
                Rtnetlink there = Rtnetlink.openIn(target)) {
            int link = upLink(here);
            here.apply(LinkChange.of(link).down().name("renamed").mtu(1300).change());
            assertThat(here.link(link).orElseThrow().name()).isEqualTo("renamed");
            assertThat(here.link(link).orElseThrow().up()).isFalse();
            here.apply(LinkChange.of(link).netns(target).change());
            assertThat(here.link("renamed")).isEmpty();
            assertThat(there.link("renamed").orElseThrow().mtu()).isEqualTo(1300);
        }
    }

    @Test
    void aVxlanLinkIsAsItWasAsked(TestNetns netns) {
        try (Rtnetlink rtnetlink = open(netns)) {
            int device = upLink(rtnetlink);
            Vxlan v4 = new Vxlan(4096, 4789, Optional.of(ip("192.0.2.1")), device, false, false);
            Vxlan v6 = new Vxlan(7, 8472, Optional.of(ip("2001:db8::1")), 0, true, true);
            rtnetlink.apply(
                    v4.create("weft-vxlan", MAC_A, 1450),
                    LinkChange.of("weft-vxlan").up().change(),
                    v6.create("vx6", MAC_B, 1430));

            Link link = rtnetlink.link("weft-vxlan").orElseThrow();
            assertThat(link.vxlan()).contains(v4);
            assertThat(link.kind()).isEqualTo("vxlan");
            assertThat(link.mac()).contains(MAC_A);
            assertThat(link.mtu()).isEqualTo(1450);
            assertThat(link.up()).isTrue();
            assertThat(rtnetlink.link("vx6").orElseThrow().vxlan()).contains(v6);
            assertThat(netns.ip("-d", "link", "show", "weft-vxlan"))
                    .contains("vxlan id 4096 local 192.0.2.1 dev v0", "dstport 4789 nolearning", "noudpcsum");
        }
    }

    @Test
    void addressesAreUsableAtOnceAndBringNoRoutes(TestNetns netns) {
        try (Rtnetlink rtnetlink = open(netns)) {
            int link = upLink(rtnetlink);
            Address v4 = Address.host(link, ip("10.244.1.5"));
            Address v6 = Address.host(link, ip("fd00:244::5"));
            Address subnet = new Address(link, ip("10.9.0.1"), 24, Scope.LINK, Address.NOPREFIXROUTE);
            rtnetlink.apply(v4.add(), v6.add(), subnet.add());

            List<Address> addresses = rtnetlink.addresses(link);
            assertThat(addresses)
                    .extracting(Address::ip)
                    .containsExactlyInAnyOrder(ip("10.244.1.5"), ip("fd00:244::5"), ip("10.9.0.1"));
            assertThat(addresses).noneMatch(address -> address.has(Address.TENTATIVE));
            assertThat(addresses).contains(new Address(link, ip("10.9.0.1"), 24, Scope.LINK, 0x280));
            assertThat(rtnetlink.addresses()).containsAll(addresses).hasSizeGreaterThan(3);
            assertThat(netns.ip("route").strip()).isEmpty();

            assertThat(rtnetlink.attempt(List.of(v4.add(), v6.add())))
                    .extracting(Outcome::errno)
                    .containsExactly(Errno.EEXIST, Errno.EEXIST);
            rtnetlink.apply(v4.replace(), v6.replace(), v4.add().orExisting());
            rtnetlink.apply(v4.delete(), v6.delete());
            assertThat(rtnetlink.attempt(List.of(v4.delete(), v6.delete())))
                    .extracting(Outcome::errno)
                    .containsExactly(Errno.EADDRNOTAVAIL, Errno.EADDRNOTAVAIL);
            rtnetlink.apply(v4.delete().orAbsent());
            assertThat(rtnetlink.addresses(9999)).isEmpty();
        }
    }

    @Test
    void routesComeBackAsTheyWereAdded(TestNetns netns) {
        try (Rtnetlink rtnetlink = open(netns)) {
            int link = upLink(rtnetlink);
            rtnetlink.apply(
                    Address.host(link, ip("10.244.1.0")).add(),
                    Address.host(link, ip("fd00:244:1::")).add());
            List<Route> routes = List.of(
                    Route.via(cidr("10.244.2.0/24"), ip("10.244.2.0"), link)
                            .withOnlink()
                            .protocol(OURS)
                            .mtu(1400)
                            .source(ip("10.244.1.0")),
                    Route.direct(cidr("10.244.1.7/32"), link).protocol(OURS),
                    Route.via(cidr("0.0.0.0/0"), ip("169.254.1.1"), link)
                            .withOnlink()
                            .protocol(OURS)
                            .metric(5),
                    Route.unreachable(cidr("10.244.0.0/16")).protocol(OURS).table(1000),
                    Route.via(cidr("fd00:244:2::/64"), ip("fd00:244:2::"), link)
                            .withOnlink()
                            .protocol(OURS)
                            .mtu(1400)
                            .source(ip("fd00:244:1::")),
                    Route.direct(cidr("fd00:244:1::7/128"), link).protocol(OURS),
                    Route.via(cidr("::/0"), ip("fe80::1"), link).protocol(OURS).metric(7));
            rtnetlink.apply(routes.stream().map(Route::add).toList());

            List<Route> found = new ArrayList<>(rtnetlink.routes(Family.IPV4, OURS));
            found.addAll(rtnetlink.routes(Family.IPV6, OURS));
            assertThat(found).containsExactlyInAnyOrderElementsOf(routes);
            assertThat(rtnetlink.routes(Family.IPV4)).hasSizeGreaterThan(4);
            assertThat(rtnetlink.routes(Family.IPV4, 99)).isEmpty();

            assertThat(rtnetlink.attempt(routes.stream().map(Route::add).toList()))
                    .allMatch(outcome -> outcome.errno() == Errno.EEXIST);
            rtnetlink.apply(routes.stream().map(Route::replace).toList());
            rtnetlink.apply(routes.getFirst().mtu(1300).replace());
            assertThat(rtnetlink.routes(Family.IPV4, OURS))
                    .contains(routes.getFirst().mtu(1300))
                    .hasSize(4);

            // The MTU differs from the one that is there.
            rtnetlink.apply(routes.stream().map(Route::delete).toList());
            assertThat(rtnetlink.routes(Family.IPV4, OURS)).isEmpty();
            assertThat(rtnetlink.routes(Family.IPV6, OURS)).isEmpty();
            assertThat(rtnetlink.attempt(List.of(routes.getFirst().delete())))
                    .extracting(Outcome::errno)
                    .containsExactly(Errno.ESRCH);
            rtnetlink.apply(routes.getFirst().delete().orAbsent());
        }
    }

    @Test
    void neighboursAndForwardingEntriesStay(TestNetns netns) {
        try (Rtnetlink rtnetlink = open(netns)) {
            rtnetlink.apply(
                    new Vxlan(1, 4789, Optional.of(ip("192.0.2.1")), 0, false, true).create("vx", MAC_A, 1450),
                    LinkChange.withoutLinkLocal("vx"),
                    LinkChange.of("vx").up().change());
            int link = rtnetlink.link("vx").orElseThrow().index();
            Neighbour v4 = Neighbour.permanent(link, ip("10.244.2.0"), MAC_B);
            Neighbour v6 = Neighbour.permanent(link, ip("fd00:244:2::"), MAC_B);
            FdbEntry fdb = FdbEntry.permanent(link, MAC_B, ip("192.0.2.2"));
            rtnetlink.apply(v4.add(), v6.add(), fdb.add());

            assertThat(rtnetlink.neighbours(Family.IPV4, link)).containsExactly(v4);
            assertThat(rtnetlink.neighbours(Family.IPV6, link)).contains(v6);
            assertThat(rtnetlink.fdb(link)).containsExactly(fdb);

            FdbEntry moved = FdbEntry.permanent(link, MAC_B, ip("192.0.2.3"));
            Neighbour other = Neighbour.permanent(link, ip("10.244.2.0"), MAC_A);
            rtnetlink.apply(moved.replace(), other.replace());
            assertThat(rtnetlink.fdb(link)).containsExactly(moved);
            assertThat(rtnetlink.neighbours(Family.IPV4, link)).containsExactly(other);
            assertThat(rtnetlink.attempt(List.of(v4.add(), moved.add())))
                    .extracting(Outcome::errno)
                    .containsExactly(Errno.EEXIST, Errno.EEXIST);

            rtnetlink.apply(moved.delete(), other.delete(), v6.delete());
            assertThat(rtnetlink.fdb(link)).isEmpty();
            assertThat(rtnetlink.neighbours(Family.IPV4, link)).isEmpty();
            assertThat(rtnetlink.attempt(List.of(moved.delete(), other.delete())))
                    .extracting(Outcome::errno)
                    .containsExactly(Errno.ENOENT, Errno.ENOENT);
            rtnetlink.apply(moved.delete().orAbsent());
        }
    }

    @Test
    void aTokenBucketIsSetChangedAndTakenOff(TestNetns netns) {
        try (Rtnetlink rtnetlink = open(netns)) {
            int link = upLink(rtnetlink);
            assertThat(rtnetlink.tbf(link)).isEmpty();
            rtnetlink.apply(
                    Tbf.ofBits(10_000_000, 100_000, Duration.ofMillis(25)).replace(link));
            assertThat(netns.tc("qdisc", "show", "dev", "v0"))
                    .contains("tbf", "root", "rate 10Mbit", "burst 100000b", "lat 25ms");
            Tbf fast = new Tbf(10_000_000_000L, 4_000_000, 8_000_000);
            rtnetlink.apply(fast.replace(link));
            Tbf found = rtnetlink.tbf(link).orElseThrow();
            assertThat(found.rate()).isEqualTo(fast.rate());
            assertThat(found.limit()).isEqualTo(fast.limit());
            assertThat(found.burst()).isBetween(3_999_000L, 4_001_000L);

            rtnetlink.apply(Tbf.delete(link));
            assertThat(rtnetlink.tbf(link)).isEmpty();
            netns.tc("qdisc", "add", "dev", "v0", "root", "pfifo");
            rtnetlink.apply(fast.replace(link));
            assertThat(rtnetlink.tbf(link)).isPresent();
            assertThat(rtnetlink.attempt(List.of(fast.add(link))))
                    .extracting(Outcome::errno)
                    .containsExactly(Errno.EEXIST);
            rtnetlink.apply(Tbf.delete(link));
            assertThat(rtnetlink.attempt(List.of(Tbf.delete(link))))
                    .extracting(Outcome::errno)
                    .containsExactly(Errno.ENOENT);
            rtnetlink.apply(Tbf.delete(link).orAbsent());
        }
    }

    @Test
    void everyRefusalIsReported(TestNetns netns) {
        try (Rtnetlink rtnetlink = open(netns)) {
            Change absent = LinkChange.delete("absent");
            Change address = Address.host(1, ip("127.0.0.9")).add();
            assertThatThrownBy(() -> rtnetlink.apply(absent, address, absent))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.getSuppressed()).hasSize(1));
            assertThat(rtnetlink.addresses(1)).extracting(Address::ip).contains(ip("127.0.0.9"));
        }
    }

    @Test
    void thousandsOfRoutesGoInOneCall(TestNetns netns) {
        try (Rtnetlink rtnetlink = open(netns)) {
            int link = upLink(rtnetlink);
            List<Route> routes = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                Cidr destination = Cidr.host(ip("10.0.0.0").plus(i));
                routes.add(Route.direct(destination, link).protocol(OURS));
            }
            rtnetlink.apply(routes.stream().map(Route::add).toList());
            assertThat(rtnetlink.routes(Family.IPV4, OURS)).containsExactlyInAnyOrderElementsOf(routes);
        }
    }
}
