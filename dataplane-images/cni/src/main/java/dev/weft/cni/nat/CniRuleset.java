package dev.weft.cni.nat;

import static dev.weft.nftables.Nft.LOCAL;
import static dev.weft.nftables.Nft.daddr;
import static dev.weft.nftables.Nft.dnat;
import static dev.weft.nftables.Nft.drop;
import static dev.weft.nftables.Nft.fibDaddrType;
import static dev.weft.nftables.Nft.iifname;
import static dev.weft.nftables.Nft.ip6Daddr;
import static dev.weft.nftables.Nft.ipDaddr;
import static dev.weft.nftables.Nft.ipSaddr;
import static dev.weft.nftables.Nft.jump;
import static dev.weft.nftables.Nft.l4proto;
import static dev.weft.nftables.Nft.masquerade;
import static dev.weft.nftables.Nft.meta;
import static dev.weft.nftables.Nft.oifname;
import static dev.weft.nftables.Nft.returns;
import static dev.weft.nftables.Nft.rule;
import static dev.weft.nftables.Nft.saddr;
import static dev.weft.nftables.Nft.thDport;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.Chain;
import dev.weft.nftables.Data;
import dev.weft.nftables.DataType;
import dev.weft.nftables.Element;
import dev.weft.nftables.Hook;
import dev.weft.nftables.MetaKey;
import dev.weft.nftables.NftSet;
import dev.weft.nftables.RuleText;
import dev.weft.nftables.Ruleset;
import dev.weft.nftables.SetType;
import dev.weft.nftables.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table {@code inet weft-cni} as it should be. Pure: the same input gives the same ruleset, and one pod more or less
 * differs in a few elements.
 */
public final class CniRuleset {
    public static final Table TABLE = Table.inet("weft-cni");

    private static final Cidr LOOPBACK_4 = Cidr.parse("127.0.0.0/8");
    private static final Ip LOOPBACK_6 = Ip.parse("::1");
    private static final Map<Family, Cidr> MULTICAST =
            Map.of(Family.IPV4, Cidr.parse("224.0.0.0/4"), Family.IPV6, Cidr.parse("ff00::/8"));

    /** All of our links; nft's wild card. */
    private static final String OUR_LINKS = "weft*";

    private static final int MAX_COMMENT = 120;

    private CniRuleset() {}

    /**
     * @param policy what is masqueraded
     * @param hostPorts all of the node; where two claim the same port the later one in the list has it
     */
    public static Ruleset of(NatPolicy policy, List<HostPort> hostPorts) {
        Ruleset.Builder table = Ruleset.of(TABLE);
        List<RuleText> postrouting = new ArrayList<>();
        // The node's own 127.0.0.1 means the pod itself once it is there.
        postrouting.add(rule(ipSaddr().in(LOOPBACK_4), oifname().is(OUR_LINKS), masquerade())
                .comment("node's loopback to its host ports"));
        for (Family family : Family.values()) {
            hostPorts(table, family, hostPorts);
            postrouting.add(hairpin(table, family, hostPorts));
            if (policy.masquerade()) {
                masqueradeRule(table, family, policy).ifPresent(postrouting::add);
            }
        }
        return table.chain(
                        // Replies to the node's loopback have its real address here; nothing else may reach 127/8.
                        Chain.base("guard", Hook.Type.FILTER, Hook.Point.PREROUTING, Hook.RAW),
                        rule(iifname().is(OUR_LINKS), ipDaddr().in(LOOPBACK_4), drop())
                                .comment("pods never reach the node's loopback"))
                .chain(
                        Chain.base("prerouting", Hook.Type.NAT, Hook.Point.PREROUTING, Hook.DSTNAT),
                        rule(iifname().isNot("lo"), ipDaddr().in(LOOPBACK_4), returns()),
                        rule(fibDaddrType().is(LOCAL), jump("hostports")))
                .chain(
                        Chain.base("output", Hook.Type.NAT, Hook.Point.OUTPUT, Hook.DSTNAT),
                        rule(ip6Daddr().is(LOOPBACK_6), returns())
                                .comment("IPv6 has no route_localnet: ::1 cannot be routed to a pod"),
                        rule(fibDaddrType().is(LOCAL), jump("hostports")))
                .chain(
                        Chain.of("hostports"),
                        List.of(
                                toPod(Family.IPV4, single(Family.IPV4), true),
                                toPod(Family.IPV4, any(Family.IPV4), false),
                                toPod(Family.IPV6, single(Family.IPV6), true),
                                toPod(Family.IPV6, any(Family.IPV6), false)))
                .chain(Chain.base("postrouting", Hook.Type.NAT, Hook.Point.POSTROUTING, Hook.SRCNAT), postrouting)
                .build();
    }

    private static void hostPorts(Ruleset.Builder table, Family family, List<HostPort> hostPorts) {
        NftSet any = any(family);
        NftSet single = single(family);
        Map<Data, Element> anyElements = new LinkedHashMap<>();
        Map<Data, Element> singleElements = new LinkedHashMap<>();
        for (HostPort port : hostPorts) {
            if (port.pod().family() != family) {
                continue;
            }
            int protocol = port.mapping().protocol().number();
            int hostPort = port.mapping().hostPort();
            Data to = any.value(port.pod(), port.mapping().containerPort());
            port.mapping()
                    .singleAddress()
                    .ifPresentOrElse(
                            ip -> put(singleElements, single.key(ip, protocol, hostPort), to, port),
                            () -> put(anyElements, any.key(protocol, hostPort), to, port));
        }
        table.set(any, anyElements).set(single, singleElements);
    }

    private static void put(Map<Data, Element> elements, Data key, Data to, HostPort port) {
        String name = port.name().toString();
        elements.put(
                key, Element.of(key, to).comment(name.length() > MAX_COMMENT ? name.substring(0, MAX_COMMENT) : name));
    }

    private static RuleText toPod(Family family, NftSet map, boolean withAddress) {
        return withAddress
                ? rule(dnat(daddr(family).dot(l4proto()).dot(thDport()).map(map)))
                : rule(
                        meta(MetaKey.NFPROTO).is(family.addressFamily()),
                        dnat(l4proto().dot(thDport()).map(map)));
    }

    /** A pod that reaches itself through the node must see another address than its own. */
    private static RuleText hairpin(Ruleset.Builder table, Family family, List<HostPort> hostPorts) {
        NftSet set = NftSet.set("hairpin" + digit(family), address(family), address(family));
        Map<Data, Element> elements = new LinkedHashMap<>();
        for (HostPort port : hostPorts) {
            if (port.pod().family() == family) {
                Data key = set.key(port.pod(), port.pod());
                elements.put(key, Element.of(key));
            }
        }
        table.set(set, elements);
        return rule(saddr(family).dot(daddr(family)).in(set), masquerade()).comment("pod to its own host port");
    }

    private static Optional<RuleText> masqueradeRule(Ruleset.Builder table, Family family, NatPolicy policy) {
        List<Cidr> pods = merged(policy.podNetwork(), family);
        if (pods.isEmpty()) {
            return Optional.empty();
        }
        List<Cidr> inside = new ArrayList<>(policy.podNetwork());
        inside.addAll(policy.except());
        inside.add(MULTICAST.getOrDefault(family, LOOPBACK_4));
        NftSet podSet = NftSet.set("pods" + digit(family), address(family)).interval();
        NftSet insideSet =
                NftSet.set("unmasqueraded" + digit(family), address(family)).interval();
        table.set(podSet, pods.stream().map(Element::of).toList());
        table.set(insideSet, merged(inside, family).stream().map(Element::of).toList());
        return Optional.of(rule(saddr(family).in(podSet), daddr(family).notIn(insideSet), masquerade())
                .comment("pods to the world outside"));
    }

    /** The prefixes of one family that no other of them contains: intervals of a set must not overlap. */
    private static List<Cidr> merged(List<Cidr> prefixes, Family family) {
        return prefixes.stream()
                .filter(prefix -> prefix.family() == family)
                .distinct()
                .filter(prefix -> prefixes.stream().noneMatch(other -> !other.equals(prefix) && other.contains(prefix)))
                .toList();
    }

    private static NftSet any(Family family) {
        return NftSet.map(
                "hostports" + digit(family), SetType.of(DataType.INET_PROTO, DataType.INET_SERVICE), target(family));
    }

    private static NftSet single(Family family) {
        return NftSet.map(
                "hostports" + digit(family) + "-on-address",
                SetType.of(address(family), DataType.INET_PROTO, DataType.INET_SERVICE),
                target(family));
    }

    private static SetType target(Family family) {
        return SetType.of(address(family), DataType.INET_SERVICE);
    }

    private static DataType address(Family family) {
        return family == Family.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
    }

    private static String digit(Family family) {
        return family == Family.IPV4 ? "4" : "6";
    }
}
