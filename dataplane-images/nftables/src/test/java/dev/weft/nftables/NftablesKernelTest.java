package dev.weft.nftables;

import static dev.weft.nftables.Nft.accept;
import static dev.weft.nftables.Nft.ipSaddr;
import static dev.weft.nftables.Nft.jump;
import static dev.weft.nftables.Nft.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.Seeded;
import dev.weft.testkit.TestNetns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kernel, and the fake held against it. */
@ExtendWith(NetworkNamespaces.class)
class NftablesKernelTest {
    private static final Table TABLE = RandomRulesets.TABLE;

    private TestNetns node;
    private NftablesKernel kernel;

    @BeforeEach
    void open(TestNetns testNetns) {
        node = testNetns;
        try (Netns netns = Netns.open(testNetns.path())) {
            kernel = NftablesKernel.openIn(netns);
        }
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    @Test
    void a_table_that_is_not_there_reads_as_nothing() {
        assertThat(kernel.read(TABLE)).isEmpty();
    }

    @Test
    void takes_chains_of_others_away_and_leaves_the_rest() {
        Table filter = Table.ip("filter");
        node.nftScript("""
                table ip filter {
                    chain KUBE-B { counter; }
                    chain KUBE-A { ip saddr 192.0.2.1 jump KUBE-B; }
                    chain other { counter; }
                    chain INPUT {
                        type filter hook input priority 0;
                        jump KUBE-A
                        tcp dport 22 accept
                        ct state new goto KUBE-B
                        jump other
                    }
                }
                table ip6 filter { chain KUBE-A { }; }
                """);
        assertThat(kernel.exists(filter, "KUBE-A")).isTrue();

        kernel.commit(kernel.removal(filter, name -> name.startsWith("KUBE-")));

        assertThat(kernel.exists(filter, "KUBE-A")).isFalse();
        assertThat(node.nft("list", "table", "ip", "filter"))
                .contains("chain other", "tcp dport 22 accept", "jump other")
                .doesNotContain("KUBE");
        assertThat(kernel.exists(Table.ip6("filter"), "KUBE-A")).isTrue();
        assertThat(kernel.removal(filter, name -> name.startsWith("KUBE-")).isEmpty())
                .isTrue();
        assertThat(kernel.removal(Table.ip("nat"), name -> true).isEmpty()).isTrue();
    }

    @Test
    void reads_back_what_was_written() {
        Seeded.loop(40, random -> {
            Ruleset desired = new RandomRulesets(random).next();
            kernel.apply(desired);
            assertThat(kernel.read(TABLE)).contains(desired);
            kernel.commit(Transaction.delete(TABLE));
        });
    }

    @Test
    void differences_lead_from_state_to_state() {
        RandomRulesets rulesets = new RandomRulesets(new Random(7));
        Optional<Ruleset> before = Optional.empty();
        for (int i = 0; i < 80; i++) {
            Ruleset after = rulesets.next();
            Transaction difference = Diff.between(before, after);
            kernel.commit(difference);
            assertThat(kernel.read(TABLE)).as("step %d: %s", i, difference).contains(after);
            before = Optional.of(after);
        }
    }

    @Test
    void the_fake_refuses_what_the_kernel_refuses() {
        Seeded.loop(60, random -> {
            RandomRulesets rulesets = new RandomRulesets(random);
            Ruleset state = rulesets.next();
            FakeNftables fake = new FakeNftables(state);
            kernel.apply(state);
            Ruleset other = rulesets.next();
            for (int i = 0; i < 5; i++) {
                Transaction transaction = mutilated(random, state, other);
                String expected = outcome(fake, transaction);
                assertThat(outcome(kernel, transaction)).as("%s", transaction).isEqualTo(expected);
                assertThat(kernel.read(TABLE)).isEqualTo(fake.read(TABLE));
            }
            kernel.apply(Ruleset.empty(TABLE));
        });
    }

    /** A difference with some operations left out, doubled or swapped. */
    private static Transaction mutilated(Random random, Ruleset from, Ruleset to) {
        List<Operation> operations = new ArrayList<>(Diff.between(from, to).operations());
        for (int i = random.nextInt(3); i >= 0 && !operations.isEmpty(); i--) {
            int at = random.nextInt(operations.size());
            switch (random.nextInt(3)) {
                case 0 -> operations.remove(at);
                case 1 -> operations.add(random.nextInt(operations.size() + 1), operations.get(at));
                default -> operations.add(random.nextInt(operations.size()), operations.remove(at));
            }
        }
        return new Transaction(from.table(), operations);
    }

    private static String outcome(Nftables nftables, Transaction transaction) {
        try {
            nftables.commit(transaction);
            return "done";
        } catch (NftablesException e) {
            return e.reason() + " " + e.operation().map(Operation::describe).orElse("as a whole");
        }
    }

    @Test
    void a_refusal_names_the_operation_and_changes_nothing() {
        kernel.apply(Ruleset.empty(TABLE));
        Chain chain = Chain.of("c");
        Operation dangling = new Operation.AddRule("c", rule(jump("missing")).compile(TableFamily.INET));
        assertThatExceptionOfType(NftablesException.class)
                .isThrownBy(() -> kernel.commit(Transaction.of(TABLE, new Operation.AddChain(chain), dangling)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(NftablesException.Reason.NOT_FOUND))
                .satisfies(e -> assertThat(e.operation()).contains(dangling))
                .withMessageStartingWith("table inet weft-test: add rule to chain c: ENOENT");
        assertThat(kernel.read(TABLE)).contains(Ruleset.empty(TABLE));
    }

    @Test
    void thirty_thousand_elements_are_one_transaction() {
        NftSet map = NftSet.map(
                "services",
                SetType.of(DataType.IPV4_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE, DataType.SLOT),
                SetType.of(DataType.IPV4_ADDR, DataType.INET_SERVICE));
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            Ip service = Ip.parse("10.96.0.0").plus(i / 2);
            elements.add(Element.of(
                    map.key(service, Nft.TCP, 80, i % 2),
                    map.value(Ip.parse("10.244.0.0").plus(i), 8080)));
        }
        Ruleset desired = Ruleset.of(TABLE).set(map, elements).build();
        kernel.apply(desired);
        assertThat(kernel.read(TABLE)).contains(desired);
        assertThat(kernel.apply(desired).operations()).isEmpty();
        Ruleset fewer = Ruleset.of(TABLE).set(map, elements.subList(0, 100)).build();
        kernel.apply(fewer);
        assertThat(kernel.read(TABLE)).contains(fewer);
    }

    @Test
    void what_nft_wrote_is_replaced_and_other_tables_stay(TestNetns netns) {
        try (Netns inside = Netns.open(netns.path());
                NftablesKernel nftables = NftablesKernel.openIn(inside)) {
            String other = "table ip other {\n\tchain c {\n\t\taccept\n\t}\n}\n";
            netns.nftScript(other + """
                    table inet weft-test {
                      set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.168.0.0-192.168.0.9 } }
                      set m { type ipv4_addr . mark; flags timeout; timeout 5s; }
                      counter named { }
                      chain x {
                        tcp dport { 80, 443 } ip dscp set cs1 counter name named
                        ip ttl 1 jump { accept; }
                      }
                      chain in {
                        type filter hook input priority 0; policy drop;
                        tcp flags syn tcp option maxseg size set 1200
                        tcp dport vmap { 22 : accept, 23 : jump x }
                      }
                    }
                    """);
            Ruleset desired = Ruleset.of(TABLE)
                    .set(NftSet.set("s", DataType.IPV4_ADDR), Element.of(Data.of(Ip.parse("192.0.2.1"))))
                    .chain(Chain.of("x"), rule(ipSaddr().is(Ip.parse("192.0.2.1")), accept()))
                    .build();
            nftables.apply(desired);
            assertThat(nftables.read(TABLE)).contains(desired);
            assertThat(netns.nft("list", "table", "ip", "other")).isEqualTo(other);
        }
    }

    @Test
    void elements_of_a_dynamic_set_are_read_and_deleted_by_name_only() {
        NftSet affinity = NftSet.map("affinity", SetType.of(DataType.IPV4_ADDR), SetType.of(DataType.IPV4_ADDR))
                .dynamic(100, Duration.ofHours(3));
        Ruleset desired = Ruleset.of(TABLE).set(affinity).build();
        kernel.apply(desired);
        Ip pod = Ip.parse("10.244.0.2");
        Element first = Element.of(affinity.key(Ip.parse("192.0.2.1")), affinity.value(pod));
        Element second = Element.of(affinity.key(Ip.parse("192.0.2.2")), affinity.value(pod))
                .timeout(Duration.ofHours(1));
        kernel.commit(Transaction.of(TABLE, new Operation.AddElements(affinity, List.of(first, second))));
        assertThat(kernel.elements(TABLE, affinity)).isEqualTo(Ruleset.index(List.of(first, second)));
        assertThat(kernel.read(TABLE)).contains(desired);
        assertThat(kernel.apply(desired).operations()).isEmpty();
        kernel.commit(Transaction.of(TABLE, new Operation.DeleteElements(affinity, List.of(first))));
        assertThat(kernel.elements(TABLE, affinity).values()).containsExactly(second);
        kernel.commit(Transaction.of(TABLE, new Operation.FlushSet("affinity")));
        assertThat(kernel.elements(TABLE, affinity)).isEmpty();
    }

    @Test
    void reading_goes_on_while_others_write_their_tables(TestNetns testNetns) throws InterruptedException {
        Table others = Table.ip("others");
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns);
                NftablesKernel writer = NftablesKernel.openIn(netns)) {
            Ruleset desired = new RandomRulesets(new Random(3)).next();
            nftables.apply(desired);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger writes = new AtomicInteger();
            Thread other = Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    writer.apply(Ruleset.of(others).chain(Chain.of("c")).build());
                    writer.apply(Ruleset.empty(others));
                    writes.addAndGet(2);
                }
            });
            try {
                while (writes.get() < 100) {
                    assertThat(nftables.read(TABLE)).contains(desired);
                }
            } finally {
                stop.set(true);
                other.join();
            }
        }
    }
}
