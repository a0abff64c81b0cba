package dev.weft.networkpolicy;

import static dev.weft.nftables.Nft.ESTABLISHED;
import static dev.weft.nftables.Nft.ICMPV6;
import static dev.weft.nftables.Nft.RELATED;
import static dev.weft.nftables.Nft.counter;
import static dev.weft.nftables.Nft.ctMark;
import static dev.weft.nftables.Nft.ctState;
import static dev.weft.nftables.Nft.daddr;
import static dev.weft.nftables.Nft.drop;
import static dev.weft.nftables.Nft.goTo;
import static dev.weft.nftables.Nft.icmpv6Type;
import static dev.weft.nftables.Nft.l4proto;
import static dev.weft.nftables.Nft.limit;
import static dev.weft.nftables.Nft.meta;
import static dev.weft.nftables.Nft.nflog;
import static dev.weft.nftables.Nft.returns;
import static dev.weft.nftables.Nft.rule;
import static dev.weft.nftables.Nft.saddr;
import static dev.weft.nftables.Nft.thDport;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.Chain;
import dev.weft.nftables.DataType;
import dev.weft.nftables.Element;
import dev.weft.nftables.Hook;
import dev.weft.nftables.Hook.Point;
import dev.weft.nftables.MetaKey;
import dev.weft.nftables.Nft;
import dev.weft.nftables.NftSet;
import dev.weft.nftables.Rule;
import dev.weft.nftables.RuleText;
import dev.weft.nftables.Ruleset;
import dev.weft.nftables.Selector;
import dev.weft.nftables.Statement;
import dev.weft.nftables.Table;
import dev.weft.nftables.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The table: chains that are always there, and those of profiles. See the README for the way of a packet. */
final class Layout {
    static final Table TABLE = Table.inet("weft-network-policy");

    /** Bit of the connection's mark: cut, since a policy came that forbids it. */
    static final int CUT = 0x2000_0000;

    /** nflog group of denied packets. */
    static final int LOG_GROUP = 87;

    /** Where pods of which the policies are not known yet are led, in both directions. */
    static final String UNKNOWN = "not-known-yet";

    private static final int LOGGED_PER_SECOND = 10;
    private static final int LOGGED_AT_ONCE = 20;

    private static final int COMMENT = 127;

    /** Neighbour and router discovery, RFC 4861. */
    private static final int ROUTER_SOLICITATION = 133;

    private static final int REDIRECT = 137;

    private Layout() {}

    private static String digit(Family family) {
        return family == Family.IPV4 ? "4" : "6";
    }

    private static DataType address(Family family) {
        return family == Family.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
    }

    /** Own isolated pods: address to chain. */
    static NftSet isolated(Direction direction, Family family) {
        return NftSet.verdictMap(
                (direction == Direction.INGRESS ? "ingress" : "egress") + digit(family), address(family));
    }

    /** Own isolated pods, each with itself. */
    static NftSet itself(Family family) {
        return NftSet.set("itself" + digit(family), address(family), address(family));
    }

    static NftSet blocks(Addresses addresses) {
        String ranges =
                addresses.ranges().stream().map(Addresses.Range::toString).collect(Collectors.joining(","));
        return NftSet.set("cidrs" + digit(addresses.family()) + "-" + Hash.of(ranges), address(addresses.family()))
                .interval();
    }

    static List<Element> elements(NftSet set, Addresses addresses) {
        return addresses.ranges().stream()
                .map(range -> Element.range(set.key(range.first()), set.key(range.last())))
                .toList();
    }

    /** Leads traffic of a pod to its chain. */
    static Element leads(Direction direction, Ip ip, String chain, ObjectKey pod) {
        return Element.of(isolated(direction, ip.family()).key(ip), Verdict.jump(chain))
                .comment(Hash.shortened(pod.toString(), COMMENT));
    }

    /** All but what pods and policies contribute. */
    static Ruleset base() {
        Ruleset.Builder table = Ruleset.of(TABLE);
        for (Family family : Family.values()) {
            table.set(isolated(Direction.EGRESS, family))
                    .set(isolated(Direction.INGRESS, family))
                    .set(itself(family));
        }
        return table.chain(filter("forward", Point.FORWARD), forward())
                .chain(filter("input", Point.INPUT), input())
                .chain(Chain.of(UNKNOWN), denial(UNKNOWN, "policies of the pod are not known yet"))
                .build();
    }

    /** Between pods, and between pods and what is beyond: pods' addresses, behind DNAT and before SNAT. */
    private static List<RuleText> forward() {
        List<RuleText> rules = new ArrayList<>(known());
        for (Family family : Family.values()) {
            rules.add(rule(saddr(family).dot(daddr(family)).in(itself(family)), Nft.accept())
                    .comment("a pod reaches itself, if by way of a Service"));
        }
        for (Family family : Family.values()) {
            rules.add(rule(saddr(family).vmap(isolated(Direction.EGRESS, family))));
        }
        for (Family family : Family.values()) {
            rules.add(rule(daddr(family).vmap(isolated(Direction.INGRESS, family))));
        }
        return rules;
    }

    /** To the node itself, which is somebody that a pod sends to; what the node sends to its pods always passes. */
    private static List<RuleText> input() {
        List<RuleText> rules = new ArrayList<>(known());
        rules.add(rule(l4proto().is(ICMPV6), icmpv6Type().between(ROUTER_SOLICITATION, REDIRECT), Nft.accept())
                .comment("without neighbour discovery there is no network"));
        for (Family family : Family.values()) {
            rules.add(rule(saddr(family).vmap(isolated(Direction.EGRESS, family))));
        }
        return rules;
    }

    private static List<RuleText> known() {
        return List.of(
                rule(ctMark().has(CUT), drop()).comment("a policy came that forbids it"),
                rule(ctState().has(ESTABLISHED | RELATED), Nft.accept()));
    }

    private static Chain filter(String name, Point point) {
        return Chain.base(name, Hook.Type.FILTER, point, Hook.FILTER);
    }

    /**
     * The chain of a profile: allowed traffic returns to where it came from, the rest ends here or goes on to the next
     * tier.
     */
    static List<Rule> rules(Profile profile) {
        List<RuleText> rules = steps(profile.steps(), profile.key().direction());
        Outcome end = profile.key().end();
        if (end instanceof Outcome.Denied(Denial by)) {
            rules.addAll(denial(by.chain(), names(by.policies())));
        } else {
            String who = profile.key().tier() + " tier: " + names(profile.key().policies());
            rules.add(rule(then(end)).comment(Hash.shortened(who, COMMENT)));
        }
        return compiled(rules);
    }

    /** The chain that tells which of several policies denies; nothing gets to its end. */
    static List<Rule> rules(Outcome.Sorted sorted, Direction direction) {
        List<RuleText> rules = steps(sorted.steps(), direction);
        rules.add(rule(drop()));
        return compiled(rules);
    }

    private static List<RuleText> steps(List<Step> steps, Direction direction) {
        List<RuleText> rules = new ArrayList<>();
        for (Step step : steps) {
            Statement then = then(step.outcome());
            step.matches().forEach(match -> match(match, direction, then, rules));
        }
        return rules;
    }

    /** The chain where a ClusterNetworkPolicy denies. */
    static List<Rule> rules(Denial denial) {
        return compiled(denial(denial.chain(), denial.tier() + " tier: " + names(denial.policies())));
    }

    private static List<Rule> compiled(List<RuleText> rules) {
        return rules.stream().map(rule -> rule.compile(TABLE.family())).toList();
    }

    private static String names(List<ObjectKey> policies) {
        return policies.stream().map(ObjectKey::toString).collect(Collectors.joining(" "));
    }

    private static Statement then(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Allowed() -> returns();
            case Outcome.Next(String chain) -> goTo(chain);
            case Outcome.Denied(Denial by) -> goTo(by.chain());
            case Outcome.Sorted(String chain, List<Step> denying) -> goTo(chain);
        };
    }

    private static void match(Match match, Direction direction, Statement then, List<RuleText> to) {
        if (match.everyone()) {
            to.add(line(match.ports(), List.of(), then));
            return;
        }
        for (Family family : Family.values()) {
            Selector peer = direction == Direction.INGRESS ? saddr(family) : daddr(family);
            match.pods().ifPresent(group -> {
                Selector key = group.port().isPresent() ? peer.dot(thDport()) : peer;
                to.add(line(match.ports(), List.of(key.in(group.set(family))), then));
            });
            Addresses addresses = match.addresses(family);
            if (addresses.isAll()) {
                to.add(line(match.ports(), List.of(meta(MetaKey.NFPROTO).is(nfproto(family))), then));
            } else if (!addresses.isEmpty()) {
                to.add(line(match.ports(), List.of(peer.in(blocks(addresses))), then));
            }
        }
    }

    /** {@code NFPROTO_IPV4} and {@code NFPROTO_IPV6} are the address families' numbers. */
    private static int nfproto(Family family) {
        return family.addressFamily();
    }

    private static RuleText line(PortRange ports, List<Statement> peer, Statement then) {
        List<Statement> statements = new ArrayList<>();
        if (!ports.isAny()) {
            statements.add(l4proto().is(ports.protocol()));
            if (ports.from() == ports.to()) {
                statements.add(thDport().is(ports.from()));
            } else if (!ports.isWholeProtocol()) {
                statements.add(thDport().between(ports.from(), ports.to()));
            }
        }
        statements.addAll(peer);
        statements.add(then);
        return new RuleText(statements, "");
    }

    /** Counts all packets and shows some of them to whoever listens. */
    private static List<RuleText> denial(String chain, String why) {
        return List.of(
                rule(limit(LOGGED_PER_SECOND, Duration.ofSeconds(1), LOGGED_AT_ONCE), nflog(LOG_GROUP, chain)),
                rule(counter(), drop()).comment(Hash.shortened(why, COMMENT)));
    }
}
