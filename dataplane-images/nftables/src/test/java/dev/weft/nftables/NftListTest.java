package dev.weft.nftables;

import static dev.weft.nftables.Nft.accept;
import static dev.weft.nftables.Nft.counter;
import static dev.weft.nftables.Nft.ctDirection;
import static dev.weft.nftables.Nft.ctMark;
import static dev.weft.nftables.Nft.ctState;
import static dev.weft.nftables.Nft.ctStatus;
import static dev.weft.nftables.Nft.dnat;
import static dev.weft.nftables.Nft.drop;
import static dev.weft.nftables.Nft.fibDaddrType;
import static dev.weft.nftables.Nft.goTo;
import static dev.weft.nftables.Nft.icmpType;
import static dev.weft.nftables.Nft.icmpv6Type;
import static dev.weft.nftables.Nft.iifname;
import static dev.weft.nftables.Nft.ip6Daddr;
import static dev.weft.nftables.Nft.ip6Saddr;
import static dev.weft.nftables.Nft.ipDaddr;
import static dev.weft.nftables.Nft.ipSaddr;
import static dev.weft.nftables.Nft.jump;
import static dev.weft.nftables.Nft.l4proto;
import static dev.weft.nftables.Nft.limit;
import static dev.weft.nftables.Nft.limitOver;
import static dev.weft.nftables.Nft.log;
import static dev.weft.nftables.Nft.mark;
import static dev.weft.nftables.Nft.masquerade;
import static dev.weft.nftables.Nft.meta;
import static dev.weft.nftables.Nft.nflog;
import static dev.weft.nftables.Nft.notrack;
import static dev.weft.nftables.Nft.numgenRandom;
import static dev.weft.nftables.Nft.oifname;
import static dev.weft.nftables.Nft.reject;
import static dev.weft.nftables.Nft.rejectAdminProhibited;
import static dev.weft.nftables.Nft.rejectWithTcpReset;
import static dev.weft.nftables.Nft.returns;
import static dev.weft.nftables.Nft.rule;
import static dev.weft.nftables.Nft.setCtMark;
import static dev.weft.nftables.Nft.setMark;
import static dev.weft.nftables.Nft.setMarkBits;
import static dev.weft.nftables.Nft.snat;
import static dev.weft.nftables.Nft.tcpDport;
import static dev.weft.nftables.Nft.tcpFlags;
import static dev.weft.nftables.Nft.thDport;
import static dev.weft.nftables.Nft.udpDport;
import static dev.weft.nftables.Nft.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.Netns;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.testkit.Golden;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code nft list ruleset} prints of what this module writes, and that it reads it back the same. */
@ExtendWith(NetworkNamespaces.class)
class NftListTest {
    private static final DataType V4 = DataType.IPV4_ADDR;
    private static final DataType V6 = DataType.IPV6_ADDR;
    private static final DataType PROTO = DataType.INET_PROTO;
    private static final DataType PORT = DataType.INET_SERVICE;

    @Test
    void masquerade_and_host_ports(TestNetns netns) {
        NftSet cluster = NftSet.set("cluster-v4", V4).interval().comment("what pods reach as they are");
        NftSet cluster6 = NftSet.set("cluster-v6", V6).interval();
        NftSet hostPorts = NftSet.map("hostports-v4", SetType.of(PROTO, PORT), SetType.of(V4, PORT));
        NftSet hostPorts6 = NftSet.map("hostports-v6", SetType.of(PROTO, PORT), SetType.of(V6, PORT));
        RuleText[] toPods = {
            rule(fibDaddrType().is(Nft.LOCAL), dnat(l4proto().dot(thDport()).map(hostPorts)))
                    .comment("hostPort"),
            rule(fibDaddrType().is(Nft.LOCAL), dnat(l4proto().dot(thDport()).map(hostPorts6)))
        };
        listed(
                netns,
                "cni.nft",
                Ruleset.of(Table.inet("weft-cni"))
                        .set(cluster, Element.of(Cidr.parse("10.244.0.0/16")), Element.of(Cidr.parse("255.0.0.0/8")))
                        .set(cluster6, Element.of(Cidr.parse("fd00:244::/56")))
                        .set(
                                hostPorts,
                                Element.of(hostPorts.key(Nft.TCP, 8080), hostPorts.value(Ip.parse("10.244.1.7"), 80))
                                        .comment("default/web"))
                        .set(
                                hostPorts6,
                                Element.of(
                                        hostPorts6.key(Nft.UDP, 53), hostPorts6.value(Ip.parse("fd00:244::7"), 5353)))
                        .chain(nat("prerouting", Hook.Point.PREROUTING, Hook.DSTNAT), toPods)
                        .chain(nat("output", Hook.Point.OUTPUT, Hook.DSTNAT), toPods)
                        .chain(
                                nat("postrouting", Hook.Point.POSTROUTING, Hook.SRCNAT),
                                rule(ipSaddr().in(cluster), ipDaddr().notIn(cluster), masquerade()),
                                rule(
                                        ip6Saddr().in(cluster6),
                                        ip6Daddr().notIn(cluster6),
                                        masquerade(Expr.NatFlag.FULLY_RANDOM)))
                        .build());
    }

    @Test
    void services_as_elements(TestNetns netns) {
        NftSet services = NftSet.verdictMap("services", V4, PROTO, PORT);
        NftSet endpoints = NftSet.map("endpoints", SetType.of(V4, PROTO, PORT, DataType.SLOT), SetType.of(V4, PORT))
                .comment("by service and slot");
        NftSet affinity = NftSet.map("affinity", SetType.of(V4, V4, PROTO, PORT), SetType.of(V4, PORT))
                .dynamic(65_535, Duration.ofHours(3));
        Selector service = ipDaddr().dot(l4proto()).dot(thDport());
        Ip vip = Ip.parse("10.96.0.1");
        listed(
                netns,
                "services.nft",
                Ruleset.of(Table.ip("weft-services"))
                        .set(
                                services,
                                Element.of(services.key(vip, Nft.TCP, 443), Verdict.goTo("lb_2"))
                                        .comment("default/kubernetes"),
                                Element.of(services.key(vip, Nft.UDP, 53), Verdict.DROP))
                        .set(
                                endpoints,
                                Element.of(
                                        endpoints.key(vip, Nft.TCP, 443, 0),
                                        endpoints.value(Ip.parse("10.244.0.2"), 6443)),
                                Element.of(
                                        endpoints.key(vip, Nft.TCP, 443, 1),
                                        endpoints.value(Ip.parse("10.244.0.3"), 6443)))
                        .set(affinity)
                        .chain(
                                Chain.of("lb_2"),
                                rule(dnat(service.dot(numgenRandom(2)).map(endpoints))))
                        .chain(
                                Chain.of("remember"),
                                rule(
                                        update(
                                                affinity,
                                                ipSaddr().dot(service),
                                                Nft.addressAndPort(Ip.parse("10.244.0.2"), 6443),
                                                Duration.ofHours(1)),
                                        dnat(ipSaddr().dot(service).map(affinity))))
                        .chain(nat("prerouting", Hook.Point.PREROUTING, Hook.DSTNAT), rule(service.vmap(services)))
                        .build());
    }

    @Test
    void services_over_ipv6(TestNetns netns) {
        NftSet endpoints = NftSet.map("endpoints", SetType.of(V6, PROTO, PORT, DataType.SLOT), SetType.of(V6, PORT));
        Ip vip = Ip.parse("fd00:96::1");
        listed(
                netns,
                "services6.nft",
                Ruleset.of(Table.ip6("weft-services"))
                        .set(
                                endpoints,
                                Element.of(
                                        endpoints.key(vip, Nft.SCTP, 443, 1),
                                        endpoints.value(Ip.parse("fd00:244::2"), 6443)))
                        .chain(
                                Chain.of("lb_2"),
                                rule(dnat(ip6Daddr()
                                        .dot(l4proto())
                                        .dot(thDport())
                                        .dot(numgenRandom(2))
                                        .map(endpoints))))
                        .build());
    }

    @Test
    void every_word(TestNetns netns) {
        NftSet pairs = NftSet.set("pairs", V4, PORT).interval();
        NftSet names = NftSet.set("names", DataType.IFNAME);
        NftSet marks = NftSet.map("marks", SetType.of(DataType.IFNAME), SetType.of(DataType.MARK));
        NftSet seen = NftSet.set("seen", V4).dynamic(1000, Duration.ofMinutes(1));
        Ip address = Ip.parse("192.0.2.1");
        listed(
                netns,
                "words.nft",
                Ruleset.of(Table.inet("weft-words"))
                        .set(
                                pairs,
                                Element.range(
                                        pairs.key(Ip.parse("10.0.0.0"), 80), pairs.key(Ip.parse("10.255.255.255"), 90)),
                                Element.of(pairs.key(address, 53)))
                        .set(names, Element.of(names.key("eth0")), Element.of(names.key("lo")))
                        .set(marks, Element.of(marks.key("eth0"), marks.value(0x4000)))
                        .set(seen)
                        .chain(Chain.of("matches"), matches(pairs, names))
                        .chain(Chain.of("away"), rule(returns()))
                        .chain(
                                Chain.base("filter", Hook.Type.FILTER, Hook.Point.FORWARD, Hook.FILTER)
                                        .policy(Hook.Policy.DROP),
                                rule(iifname().is("weft*"), goTo("matches")),
                                rule(ctState().has(Nft.INVALID), drop()),
                                rule(limit(5, Duration.ofSeconds(1), 10), log("weft denied ")),
                                rule(limitOver(100, Duration.ofMinutes(1), 5), nflog(7, "flow"), counter()),
                                rule(update(seen, ipSaddr(), Duration.ZERO)),
                                rule(setMark(iifname().map(marks))),
                                rule(setMarkBits(0x4000)),
                                rule(setCtMark(mark().value())),
                                rule(setMark(ctMark().value())),
                                rule(setMark(5)),
                                rule(l4proto().is(Nft.TCP), rejectWithTcpReset()),
                                rule(rejectAdminProhibited()),
                                rule(reject()))
                        .chain(
                                nat("out", Hook.Point.POSTROUTING, Hook.SRCNAT),
                                rule(oifname().isNot("weft0"), snat(address)),
                                rule(l4proto().is(Nft.TCP), snat(Nft.addressAndPort(Ip.parse("fd00::1"), 80))))
                        .chain(
                                nat("in", Hook.Point.PREROUTING, Hook.DSTNAT),
                                rule(udpDport().is(53), dnat(address, 8080)),
                                rule(dnat(address)))
                        .chain(
                                Chain.base("raw", Hook.Type.FILTER, Hook.Point.OUTPUT, Hook.RAW),
                                rule(udpDport().is(53), notrack()))
                        .build());
    }

    private static RuleText[] matches(NftSet pairs, NftSet names) {
        return new RuleText[] {
            rule(ipDaddr().dot(thDport()).in(pairs), accept()),
            rule(iifname().in(names), jump("away")),
            rule(ipSaddr().in(Cidr.parse("10.1.0.0/17")), ipDaddr().notIn(Cidr.parse("10.2.0.0/16"))),
            rule(ip6Saddr().in(Cidr.parse("fd00::/57")), ip6Daddr().is(Ip.parse("fd00::1"))),
            rule(tcpDport().between(80, 90), tcpFlags().has(2), counter()),
            rule(icmpType().is(8), accept()),
            rule(icmpv6Type().is(128), accept()),
            rule(ctStatus().has(Nft.DNATTED), ctDirection().is(Nft.REPLY), accept()),
            rule(mark().masked(0xff00, 0x4000), mark().hasNone(1), ctMark().is(7)),
            rule(meta(MetaKey.PKTTYPE).is(0), meta(MetaKey.NFPROTO).is(2), drop())
                    .comment("what is sent to us")
        };
    }

    private static Chain nat(String name, Hook.Point point, int priority) {
        return Chain.base(name, Hook.Type.NAT, point, priority);
    }

    private static void listed(TestNetns testNetns, String golden, Ruleset ruleset) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            nftables.apply(ruleset);
            assertThat(nftables.read(ruleset.table())).contains(ruleset);
            String text = testNetns.nft("--stateless", "list", "ruleset");
            Golden.assertMatches("nft/" + golden, text);
            // nft also reads what it printed, so that an admin can save and restore it.
            nftables.commit(Transaction.delete(ruleset.table()));
            testNetns.nftScript(text);
            assertThat(testNetns.nft("--stateless", "list", "ruleset")).isEqualTo(text);
        }
    }
}
