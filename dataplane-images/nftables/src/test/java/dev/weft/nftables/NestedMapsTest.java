package dev.weft.nftables;

import static dev.weft.nftables.Nft.clearMarkBits;
import static dev.weft.nftables.Nft.daddr;
import static dev.weft.nftables.Nft.dnat;
import static dev.weft.nftables.Nft.l4proto;
import static dev.weft.nftables.Nft.mark;
import static dev.weft.nftables.Nft.masquerade;
import static dev.weft.nftables.Nft.numgenRandom;
import static dev.weft.nftables.Nft.rule;
import static dev.weft.nftables.Nft.saddr;
import static dev.weft.nftables.Nft.thDport;
import static dev.weft.nftables.Nft.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.testkit.Golden;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A map's value as the key of the next one: nft prints it and the kernel gives back what was written. */
@ExtendWith(NetworkNamespaces.class)
class NestedMapsTest {
    private static final SetType ACTION = SetType.of(DataType.IFNAME);

    @Test
    void maps_of_maps_for_ipv4(TestNetns netns) {
        listed(netns, "nested.nft", ruleset(Family.IPV4, "10.96.0.10", "10.244.0.7", "0.0.0.0"));
    }

    @Test
    void maps_of_maps_for_ipv6(TestNetns netns) {
        listed(netns, "nested6.nft", ruleset(Family.IPV6, "fd00:96::10", "fd00:244::7", "::"));
    }

    private static Ruleset ruleset(Family family, String service, String pod, String none) {
        DataType address = family == Family.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
        SetType frontend = SetType.of(address, DataType.INET_PROTO, DataType.INET_SERVICE);
        SetType target = SetType.of(address, DataType.INET_SERVICE);
        NftSet services = NftSet.map("services", frontend, ACTION);
        NftSet actions = NftSet.verdictMap("actions", DataType.IFNAME);
        NftSet canonical = NftSet.map("affinity-services", frontend, target);
        NftSet endpoints = NftSet.map(
                "endpoints", SetType.of(address, DataType.INET_PROTO, DataType.INET_SERVICE, DataType.SLOT), target);
        NftSet affinity = NftSet.map(
                        "affinity", SetType.of(address, DataType.INET_PROTO, address, DataType.INET_SERVICE), target)
                .dynamic(65536, Duration.ofHours(3));
        Selector dst = daddr(family).dot(l4proto()).dot(thDport());
        Selector port = daddr(family).and(Ip.parse(none)).dot(l4proto()).dot(thDport());
        Selector client = saddr(family).dot(l4proto()).dot(dst.through(canonical));
        return Ruleset.of(family == Family.IPV4 ? Table.ip("nested") : Table.ip6("nested"))
                .set(
                        services,
                        Element.of(services.key(Ip.parse(service), Nft.TCP, 80), services.value("lb-2"))
                                .comment("default/web:http"))
                .set(actions, Element.of(actions.key("lb-2"), Verdict.goTo("lb-2")))
                .set(
                        endpoints,
                        Element.of(
                                endpoints.key(Ip.parse(service), Nft.TCP, 80, 0), endpoints.value(Ip.parse(pod), 8080)))
                .set(
                        canonical,
                        Element.of(
                                canonical.key(Ip.parse(service), Nft.TCP, 80), canonical.value(Ip.parse(service), 80)))
                .set(affinity)
                .chain(
                        Chain.of("lb-2"),
                        rule(
                                update(affinity, client, client.map(affinity), Duration.ofSeconds(10)),
                                dnat(client.map(affinity))),
                        rule(update(
                                affinity,
                                client,
                                dst.dot(numgenRandom(2, 65536)).map(endpoints),
                                Duration.ofSeconds(10))),
                        rule(dnat(dst.dot(numgenRandom(2)).map(endpoints))))
                .chain(
                        Chain.base("prerouting", Hook.Type.NAT, Hook.Point.PREROUTING, Hook.DSTNAT),
                        rule(dst.through(services).vmap(actions)),
                        rule(port.through(services).vmap(actions)))
                .chain(
                        Chain.base("postrouting", Hook.Type.NAT, Hook.Point.POSTROUTING, Hook.SRCNAT),
                        rule(mark().has(0x4000), clearMarkBits(0x4000), masquerade(Expr.NatFlag.FULLY_RANDOM)))
                .build();
    }

    private static void listed(TestNetns testNetns, String golden, Ruleset ruleset) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            nftables.apply(ruleset);
            Golden.assertMatches("nft/" + golden, testNetns.nft("list", "ruleset"));
            assertThat(nftables.apply(ruleset).operations()).isEmpty();
        }
    }
}
