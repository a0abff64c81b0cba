package dev.weft.serviceproxy;

import static dev.weft.nftables.Nft.DNATTED;
import static dev.weft.nftables.Nft.INVALID;
import static dev.weft.nftables.Nft.LOCAL;
import static dev.weft.nftables.Nft.NEW;
import static dev.weft.nftables.Nft.TCP;
import static dev.weft.nftables.Nft.clearMarkBits;
import static dev.weft.nftables.Nft.ctState;
import static dev.weft.nftables.Nft.ctStatus;
import static dev.weft.nftables.Nft.daddr;
import static dev.weft.nftables.Nft.dnat;
import static dev.weft.nftables.Nft.drop;
import static dev.weft.nftables.Nft.fibDaddrType;
import static dev.weft.nftables.Nft.fibSaddrType;
import static dev.weft.nftables.Nft.goTo;
import static dev.weft.nftables.Nft.jump;
import static dev.weft.nftables.Nft.l4proto;
import static dev.weft.nftables.Nft.mark;
import static dev.weft.nftables.Nft.masquerade;
import static dev.weft.nftables.Nft.numgenRandom;
import static dev.weft.nftables.Nft.priority;
import static dev.weft.nftables.Nft.reject;
import static dev.weft.nftables.Nft.rejectWithTcpReset;
import static dev.weft.nftables.Nft.rule;
import static dev.weft.nftables.Nft.saddr;
import static dev.weft.nftables.Nft.setMarkBits;
import static dev.weft.nftables.Nft.setPriority;
import static dev.weft.nftables.Nft.thDport;
import static dev.weft.nftables.Nft.update;

import dev.weft.net.Family;
import dev.weft.nftables.Chain;
import dev.weft.nftables.Data;
import dev.weft.nftables.Element;
import dev.weft.nftables.Expr.NatFlag;
import dev.weft.nftables.Hook;
import dev.weft.nftables.Hook.Point;
import dev.weft.nftables.NftSet;
import dev.weft.nftables.RuleText;
import dev.weft.nftables.Ruleset;
import dev.weft.nftables.Selector;
import dev.weft.nftables.Statement;
import dev.weft.nftables.Table;
import dev.weft.nftables.TableFamily;
import dev.weft.nftables.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The chains of one family's table: those that are always there, and those that the numbers of endpoints and affinity
 * time-outs in use ask for. No chain, rule or map belongs to a single Service.
 *
 * <p>{@code meta priority} is where a rule leaves a number for the next one: the action, then the affinity number. It is
 * set in nat chains, so on the first packet of a connection alone, and reset right after. The mark's bit 0x4000 stands
 * for masquerade, as with kube-proxy, and goes off before the packet leaves.
 */
final class Layout {
    static final int MASQUERADE = 0x4000;

    /** Elements of the map of that name. */
    static final int REFUSALS = 4;

    /** Where the slots of endpoints for traffic from outside begin. */
    static final int OUTSIDE_SLOTS = 65_536;

    /** Before the CNI's host ports at the same hook: a Service's address or node port is the whole cluster's. */
    private static final int NAT = Hook.DSTNAT - 1;

    private static final int BEFORE_NAT = Hook.DSTNAT - 10;
    private static final int AFTER_NAT = Hook.DSTNAT + 10;

    private static final String REFUSE = "refuse";

    private final Family family;
    private final Table table;
    final Sets sets;
    private final Selector frontend;
    private final Selector nodePort;
    private final Selector client;

    Layout(Family family) {
        this.family = family;
        this.table = table(family);
        this.sets = new Sets(family);
        this.frontend = daddr(family).dot(l4proto()).dot(thDport());
        this.nodePort = daddr(family).and(Frontend.any(family)).dot(l4proto()).dot(thDport());
        this.client = saddr(family).dot(priority());
    }

    static Table table(Family family) {
        return family == Family.IPV4 ? Table.ip("weft-service-proxy") : Table.ip6("weft-service-proxy");
    }

    Table table() {
        return table;
    }

    Family family() {
        return family;
    }

    TableFamily tableFamily() {
        return table.family();
    }

    /** All but what Services contribute. */
    Ruleset.Builder begin(ProxyConfig config, Site site) {
        Ruleset.Builder table = Ruleset.of(this.table)
                .set(sets.affinity)
                .set(
                        sets.refusals,
                        Element.of(key(sets.refusals, Action.REJECT), Verdict.goTo("reject")),
                        Element.of(key(sets.refusals, Action.DROP), Verdict.DROP),
                        Element.of(key(sets.refusals, Action.BY_SOURCE), Verdict.DROP)
                                .comment("nobody on this node, and from outside"),
                        Element.of(key(sets.refusals, Action.NODEPORT_BY_SOURCE), Verdict.DROP))
                .set(sets.pods, Sets.prefixes(config.podCidrs(family)))
                .set(sets.serviceCidrs, Sets.prefixes(config.serviceCidrs(family)))
                .set(sets.nodePortAddresses, Sets.prefixes(NodePortAddresses.prefixes(family, config, site)));
        Statement served = jump("services");
        return table.chain(filter("before-prerouting", Point.PREROUTING, BEFORE_NAT), sourceRanges())
                .chain(filter("before-output", Point.OUTPUT, BEFORE_NAT), sourceRanges())
                .chain(nat("prerouting", Point.PREROUTING, NAT), rule(served))
                .chain(nat("output", Point.OUTPUT, NAT), rule(served))
                .chain(filter("after-prerouting", Point.PREROUTING, AFTER_NAT), remember())
                .chain(filter("after-output", Point.OUTPUT, AFTER_NAT), remember())
                .chain(Chain.of("services"), services())
                .chain(Chain.of(label(Action.BY_SOURCE)), bySource(frontend))
                .chain(Chain.of(label(Action.NODEPORT_BY_SOURCE)), bySource(nodePort))
                .chain(
                        filter("input", Point.INPUT, Hook.FILTER),
                        rule(ctState().has(NEW), jump(REFUSE)),
                        rule(ctState().has(NEW), jump("refuse-nodeports")))
                .chain(filter("forward", Point.FORWARD, Hook.FILTER), forward())
                .chain(
                        filter("output-filter", Point.OUTPUT, Hook.FILTER),
                        rule(ctState().has(NEW), jump(REFUSE)),
                        rule(ctState().has(NEW), jump("refuse-cluster-ips")))
                .chain(
                        Chain.of(REFUSE),
                        rule(
                                setPriority(frontend.map(sets.services)),
                                priority().vmap(sets.refusals)))
                .chain(Chain.of("refuse-nodeports"), rule(toNode(sets.refusals)))
                .chain(
                        Chain.of("refuse-cluster-ips"),
                        rule(daddr(family).in(sets.clusterIps), goTo("reject"))
                                .comment("a port that the Service does not define"),
                        rule(daddr(family).in(sets.serviceCidrs), drop()).comment("an address that no Service has"))
                .chain(
                        Chain.of("reject"),
                        rule(rejectWithTcpReset())
                                .comment("at once: ICMP errors are limited, and one that meets a busy socket is lost"),
                        rule(reject()))
                .chain(
                        nat("postrouting", Point.POSTROUTING, Hook.SRCNAT - 1),
                        rule(mark().has(MASQUERADE), clearMarkBits(MASQUERADE), masquerade(NatFlag.FULLY_RANDOM)),
                        rule(
                                        ctStatus().has(DNATTED),
                                        saddr(family).dot(daddr(family)).in(sets.hairpin),
                                        masquerade(NatFlag.FULLY_RANDOM))
                                .comment("a pod that reaches itself through a Service"));
    }

    /** The chain of an action that balances. */
    List<RuleText> balancing(Action action) {
        List<RuleText> rules = new ArrayList<>();
        switch (action.kind()) {
            case LB ->
                rules.add(rule(saddr(family).notIn(sets.pods), setMarkBits(MASQUERADE))
                        .comment("from outside of the pod network"));
            case EXT, NODEPORT -> rules.add(rule(setMarkBits(MASQUERADE)));
            case INSIDE, NODEPORT_INSIDE, OUTSIDE, NODEPORT_OUTSIDE -> {}
            case BY_SOURCE, NODEPORT_BY_SOURCE, REJECT, DROP ->
                throw new IllegalArgumentException(action + " chooses no endpoint");
        }
        Selector at = action.kind().isNodePort() ? nodePort : frontend;
        if (action.sticky()) {
            rules.add(rule(setPriority(at.map(sets.affinityIds))));
            rules.add(rule(dnat(client.map(sets.affinity))));
        }
        Selector slot = numgenRandom(action.backends(), action.kind().isOutside() ? OUTSIDE_SLOTS : 0);
        rules.add(rule(dnat(at.dot(slot).map(sets.endpoints))));
        return rules;
    }

    /** The chain that remembers which endpoint a client got, behind the translation. */
    List<RuleText> remembering(Collection<Integer> timeouts) {
        List<RuleText> rules = new ArrayList<>();
        for (int seconds : timeouts) {
            rules.add(rule(
                    priority().in(Sets.remembered(seconds)),
                    update(sets.affinity, client, daddr(family).dot(thDport()).value(), Duration.ofSeconds(seconds))));
        }
        return rules;
    }

    static final String REMEMBER = "remember";

    NftSet dispatch(Action action) {
        return action.kind().isInside() || action.kind().isOutside() ? sets.balance : sets.actions;
    }

    /** How an action's number leads to its chain. */
    Element dispatchElement(Action action) {
        return Element.of(key(dispatch(action), action), Verdict.goTo(label(action)));
    }

    static String label(Action action) {
        return action.chain().orElseThrow(() -> new IllegalArgumentException(action + " has no chain"));
    }

    private static Data key(NftSet set, Action action) {
        return set.key(action.number());
    }

    private RuleText[] services() {
        return new RuleText[] {
            rule(setPriority(frontend.map(sets.services)), priority().vmap(sets.actions)), rule(toNode(sets.actions))
        };
    }

    /** A node port on one of the node's own addresses. */
    private Statement[] toNode(NftSet verdicts) {
        return new Statement[] {
            fibDaddrType().is(LOCAL),
            daddr(family).in(sets.nodePortAddresses),
            setPriority(nodePort.map(sets.services)),
            priority().vmap(verdicts)
        };
    }

    /** Pods and the node itself reach all endpoints, as if they had gone out and come in again (S7). */
    private List<RuleText> bySource(Selector at) {
        return List.of(
                rule(
                        saddr(family).in(sets.pods),
                        setPriority(at.map(sets.inside)),
                        priority().vmap(sets.balance)),
                rule(
                        fibSaddrType().is(LOCAL),
                        setMarkBits(MASQUERADE),
                        setPriority(at.map(sets.inside)),
                        priority().vmap(sets.balance)),
                rule(setPriority(at.map(sets.outside)), priority().vmap(sets.balance)));
    }

    private RuleText sourceRanges() {
        return rule(
                        ctState().has(NEW),
                        frontend.in(sets.sourceRanged),
                        saddr(family).dot(frontend).notIn(sets.allowedSources),
                        drop())
                .comment("loadBalancerSourceRanges");
    }

    private List<RuleText> remember() {
        return List.of(
                rule(ctState().has(NEW), ctStatus().has(DNATTED), jump(REMEMBER)),
                rule(ctState().has(NEW), ctStatus().has(DNATTED), setPriority(0, 0)));
    }

    private List<RuleText> forward() {
        return List.of(
                rule(ctState().has(INVALID), l4proto().is(TCP), saddr(family).in(sets.pods), drop())
                        .comment("kubernetes#74839: not translated back, so the client would reset"),
                rule(ctState().has(NEW), jump(REFUSE)),
                rule(ctState().has(NEW), jump("refuse-cluster-ips")));
    }

    private static Chain filter(String name, Point point, int priority) {
        return Chain.base(name, Hook.Type.FILTER, point, priority);
    }

    private static Chain nat(String name, Point point, int priority) {
        return Chain.base(name, Hook.Type.NAT, point, priority);
    }
}
