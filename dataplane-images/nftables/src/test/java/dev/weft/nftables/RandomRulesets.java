package dev.weft.nftables;

import static dev.weft.nftables.Nft.accept;
import static dev.weft.nftables.Nft.counter;
import static dev.weft.nftables.Nft.ctState;
import static dev.weft.nftables.Nft.dnat;
import static dev.weft.nftables.Nft.drop;
import static dev.weft.nftables.Nft.fibDaddrType;
import static dev.weft.nftables.Nft.iifname;
import static dev.weft.nftables.Nft.ipDaddr;
import static dev.weft.nftables.Nft.ipSaddr;
import static dev.weft.nftables.Nft.jump;
import static dev.weft.nftables.Nft.l4proto;
import static dev.weft.nftables.Nft.masquerade;
import static dev.weft.nftables.Nft.rule;
import static dev.weft.nftables.Nft.thDport;

import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** States of one table that the kernel accepts, close enough to each other that their differences are of all kinds. */
final class RandomRulesets {
    static final Table TABLE = Table.inet("weft-test");
    private static final int REGULAR = 4;

    private final Random random;

    RandomRulesets(Random random) {
        this.random = random;
    }

    Ruleset next() {
        List<NftSet> sets = sets();
        Ruleset.Builder builder = Ruleset.of(TABLE);
        sets.forEach(set -> builder.set(set, elements(set)));
        for (int i = 0; i < REGULAR; i++) {
            builder.chain(Chain.of("c" + i), rules(sets, i + 1, false));
        }
        if (random.nextInt(4) > 0) {
            Hook.Point point = random.nextBoolean() ? Hook.Point.FORWARD : Hook.Point.INPUT;
            Hook.Policy policy = random.nextBoolean() ? Hook.Policy.DROP : Hook.Policy.ACCEPT;
            Chain filter = Chain.base("filter", Hook.Type.FILTER, point, Hook.FILTER);
            builder.chain(filter.policy(policy), rules(sets, 0, true));
        }
        if (random.nextInt(4) > 0) {
            builder.chain(
                    Chain.base("nat-post", Hook.Type.NAT, Hook.Point.POSTROUTING, Hook.SRCNAT),
                    rule(ipSaddr().is(ip()), masquerade()));
        }
        sets.stream().filter(set -> set.name().equals("data")).findFirst().ifPresent(map -> {
            if (random.nextBoolean()) {
                builder.chain(
                        Chain.base("nat-pre", Hook.Type.NAT, Hook.Point.PREROUTING, Hook.DSTNAT),
                        rule(
                                fibDaddrType().is(Nft.LOCAL),
                                dnat(l4proto().dot(thDport()).map(map))));
            }
        });
        return builder.build();
    }

    private List<NftSet> sets() {
        List<NftSet> all = new ArrayList<>(List.of(
                NftSet.set("addresses", DataType.IPV4_ADDR).comment(random.nextInt(3) == 0 ? "why" : ""),
                NftSet.set("ranges", DataType.IPV4_ADDR).interval(),
                NftSet.set("pairs", DataType.IPV4_ADDR, DataType.INET_SERVICE).interval(),
                random.nextInt(4) == 0
                        ? NftSet.verdictMap("verdicts", DataType.IPV4_ADDR)
                        : NftSet.verdictMap("verdicts", DataType.IPV4_ADDR, DataType.INET_SERVICE),
                NftSet.map(
                        "data",
                        SetType.of(DataType.INET_PROTO, DataType.INET_SERVICE),
                        SetType.of(DataType.IPV4_ADDR, DataType.INET_SERVICE))));
        all.removeIf(set -> random.nextInt(6) == 0);
        return all;
    }

    List<Element> elements(NftSet set) {
        Map<Data, Element> byKey = new HashMap<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            Element element = element(set);
            byKey.put(element.key(), random.nextInt(5) == 0 ? element.comment("n" + random.nextInt(2)) : element);
        }
        return List.copyOf(byKey.values());
    }

    private Element element(NftSet set) {
        return switch (set.name()) {
            case "ranges" -> {
                // Blocks of 16 that do not overlap, some of them touching.
                Ip first = Ip.parse("10.0.0.0").plus(16L * random.nextInt(12));
                yield Element.range(
                        Data.of(first), Data.of(first.plus(random.nextBoolean() ? 15 : random.nextInt(16))));
            }
            case "pairs" -> {
                Ip first = Ip.parse("10.0.0.0").plus(16L * random.nextInt(12));
                yield Element.range(set.key(first, 80), set.key(first.plus(15), 80 + random.nextInt(3)));
            }
            case "verdicts" ->
                Element.of(
                        set.keys().isConcat() ? set.key(ip(), port()) : set.key(ip()),
                        random.nextInt(3) == 0 ? Verdict.DROP : Verdict.goTo("c" + (1 + random.nextInt(REGULAR - 1))));
            case "data" -> Element.of(set.key(Nft.TCP, port()), set.value(ip(), port()));
            default -> Element.of(set.key(ip()));
        };
    }

    private List<RuleText> rules(List<NftSet> sets, int firstTarget, boolean base) {
        List<RuleText> rules = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            RuleText rule = randomRule(sets, firstTarget, base);
            rules.add(random.nextInt(4) == 0 ? rule.comment("r" + random.nextInt(3)) : rule);
        }
        return rules;
    }

    private RuleText randomRule(List<NftSet> sets, int firstTarget, boolean base) {
        if (!sets.isEmpty() && random.nextInt(3) > 0) {
            NftSet set = sets.get(random.nextInt(sets.size()));
            switch (set.name()) {
                case "addresses" -> {
                    return rule(ipSaddr().in(set), counter(), drop());
                }
                case "ranges" -> {
                    return rule(ipDaddr().notIn(set), accept());
                }
                case "pairs" -> {
                    return rule(ipDaddr().dot(thDport()).in(set), accept());
                }
                case "verdicts" -> {
                    if (base) {
                        return rule((set.keys().isConcat() ? ipDaddr().dot(thDport()) : ipDaddr()).vmap(set));
                    }
                }
                default -> {}
            }
        }
        if (firstTarget < REGULAR && random.nextBoolean()) {
            return rule(iifname().is("eth" + random.nextInt(2)), jump("c" + firstTarget));
        }
        return random.nextBoolean()
                ? rule(ctState().has(Nft.ESTABLISHED | Nft.RELATED), accept())
                : rule(l4proto().is(Nft.TCP), thDport().between(80, 80 + random.nextInt(3)), counter());
    }

    private Ip ip() {
        return Ip.parse("192.0.2." + random.nextInt(4));
    }

    private int port() {
        return 80 + random.nextInt(3);
    }
}
