package dev.weft.nftables;

import static dev.weft.nftables.Nft.accept;
import static dev.weft.nftables.Nft.drop;
import static dev.weft.nftables.Nft.ipSaddr;
import static dev.weft.nftables.Nft.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.net.Ip;
import dev.weft.testkit.Seeded;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiffTest {
    private static final Table TABLE = RandomRulesets.TABLE;
    private static final NftSet ADDRESSES = NftSet.set("addresses", DataType.IPV4_ADDR);
    private static final NftSet VERDICTS = NftSet.verdictMap("verdicts", DataType.IPV4_ADDR);
    private static final Chain INPUT = Chain.base("in", Hook.Type.FILTER, Hook.Point.INPUT, Hook.FILTER);

    @Test
    void of_a_state_and_itself_is_empty() {
        Seeded.loop(300, random -> {
            Ruleset state = new RandomRulesets(random).next();
            assertThat(Diff.between(state, state).operations()).isEmpty();
        });
    }

    @Test
    void applied_gives_the_desired_state() {
        Seeded.loop(2000, random -> {
            RandomRulesets rulesets = new RandomRulesets(random);
            Ruleset before = rulesets.next();
            Ruleset after = rulesets.next();
            FakeNftables nftables = new FakeNftables(before);
            nftables.commit(Diff.between(before, after));
            assertThat(nftables.read(TABLE)).contains(after);
        });
    }

    @Test
    void from_nothing_makes_the_table() {
        Seeded.loop(300, random -> {
            Ruleset desired = new RandomRulesets(random).next();
            FakeNftables nftables = new FakeNftables();
            nftables.apply(desired);
            assertThat(nftables.read(TABLE)).contains(desired);
        });
    }

    @Test
    void one_element_more_is_one_operation() {
        Element first = element("192.0.2.1");
        Element second = element("192.0.2.2");
        assertThat(difference(
                        Ruleset.of(TABLE).set(ADDRESSES, first),
                        Ruleset.of(TABLE).set(ADDRESSES, first, second)))
                .containsExactly(new Operation.AddElements(ADDRESSES, List.of(second)));
    }

    @Test
    void a_changed_element_is_deleted_and_added() {
        Element before = Element.of(ADDRESSES.key(Ip.parse("192.0.2.1")), Verdict.DROP);
        Element after = Element.of(before.key(), Verdict.ACCEPT);
        assertThat(difference(
                        Ruleset.of(TABLE).set(VERDICTS, before),
                        Ruleset.of(TABLE).set(VERDICTS, after)))
                .containsExactly(
                        new Operation.DeleteElements(VERDICTS, List.of(before)),
                        new Operation.AddElements(VERDICTS, List.of(after)));
    }

    @Test
    void a_rule_at_the_end_is_appended() {
        RuleText first = rule(accept());
        RuleText second = rule(drop());
        assertThat(difference(
                        Ruleset.of(TABLE).chain(INPUT, first), Ruleset.of(TABLE).chain(INPUT, first, second)))
                .containsExactly(new Operation.AddRule("in", second.compile(TableFamily.INET)));
    }

    @Test
    void other_rules_replace_the_whole_chain() {
        assertThat(difference(
                        Ruleset.of(TABLE).chain(INPUT, rule(accept())),
                        Ruleset.of(TABLE).chain(INPUT, rule(drop()))))
                .containsExactly(
                        new Operation.FlushChain("in"),
                        new Operation.AddRule("in", rule(drop()).compile(TableFamily.INET)));
    }

    @Test
    void a_set_declared_differently_is_made_anew_with_the_rules_that_use_it() {
        NftSet interval = ADDRESSES.interval();
        Rule rule = rule(ipSaddr().in(ADDRESSES), drop()).compile(TableFamily.INET);
        assertThat(difference(
                        Ruleset.of(TABLE)
                                .set(ADDRESSES)
                                .chain(INPUT, rule(ipSaddr().in(ADDRESSES), drop())),
                        Ruleset.of(TABLE)
                                .set(interval)
                                .chain(INPUT, rule(ipSaddr().in(interval), drop()))))
                .containsExactly(
                        new Operation.FlushChain("in"),
                        new Operation.DeleteSet("addresses"),
                        new Operation.AddSet(interval),
                        new Operation.AddRule("in", rule));
    }

    @Test
    void a_policy_changes_in_place() {
        Chain dropping = INPUT.policy(Hook.Policy.DROP);
        assertThat(difference(
                        Ruleset.of(TABLE).chain(INPUT, rule(accept())),
                        Ruleset.of(TABLE).chain(dropping, rule(accept()))))
                .containsExactly(new Operation.SetPolicy(dropping));
    }

    @Test
    void elements_that_packets_added_stay() {
        NftSet seen = ADDRESSES.dynamic(100, java.time.Duration.ofMinutes(1));
        assertThat(difference(
                        Ruleset.of(TABLE).set(seen, element("192.0.2.1")),
                        Ruleset.of(TABLE).set(seen)))
                .isEmpty();
    }

    @Test
    void other_tables_do_not_compare() {
        Ruleset one = Ruleset.empty(TABLE);
        Ruleset other = Ruleset.empty(Table.ip("other"));
        assertThatIllegalArgumentException().isThrownBy(() -> Diff.between(Optional.of(one), other));
    }

    private static List<Operation> difference(Ruleset.Builder before, Ruleset.Builder after) {
        return Diff.between(before.build(), after.build()).operations();
    }

    private static Element element(String address) {
        return Element.of(Data.of(Ip.parse(address)));
    }
}
