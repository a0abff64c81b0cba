package dev.weft.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Family;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NetworkNamespaces.class)
class XTablesTest {
    private static final long SEED = Long.getLong("seed", 1);

    @ParameterizedTest
    @EnumSource(Family.class)
    void a_table_that_is_not_there_is_not_made(Family family, TestNetns node) {
        assertThat(with(node, family, tables -> tables.has("nat", Set.of("A")) || tables.remove("nat", name -> true)))
                .isFalse();
        assertThat(node.exec("cat", "/proc/self/net/" + names(family))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void removes_chains_and_what_jumps_to_them(Family family, TestNetns node) {
        String pod = family == Family.IPV4 ? "10.244.1.2" : "[fd00::2]";
        restore(node, family, """
                *nat
                :PREROUTING ACCEPT [7:420]
                :INPUT ACCEPT [0:0]
                :OUTPUT ACCEPT [0:0]
                :POSTROUTING ACCEPT [0:0]
                :GONE-A - [0:0]
                :STAYS - [0:0]
                :GONE-B - [0:0]
                :EMPTY - [0:0]
                [1:60] -A PREROUTING -m comment --comment "first of its chain" -j GONE-A
                [2:120] -A PREROUTING -p tcp -m tcp --dport 99 -m comment --comment "no target"
                [3:180] -A PREROUTING -j STAYS
                [4:240] -A OUTPUT -j GONE-A
                [5:300] -A OUTPUT -g STAYS
                [6:360] -A GONE-A -m statistic --mode random --probability 0.50000000000 -j GONE-B
                [7:420] -A GONE-A -j STAYS
                [8:480] -A STAYS -j GONE-B
                [9:540] -A STAYS -p udp -m udp --dport 53 -j RETURN
                [10:600] -A GONE-B -p tcp -j DNAT --to-destination POD:8443
                COMMIT
                """.replace("POD", pod));
        assertThat(with(node, family, tables -> tables.has("nat", Set.of("OTHER", "GONE-B"))))
                .isTrue();
        assertThat(with(node, family, tables -> tables.has("nat", Set.of("GONE", "PREROUTING"))))
                .isFalse();
        List<String> expected = save(node, family).stream()
                .filter(line -> !line.contains("GONE"))
                .toList();

        assertThat(with(node, family, tables -> tables.remove("nat", name -> name.startsWith("GONE-"))))
                .isTrue();

        assertThat(save(node, family))
                .isEqualTo(expected)
                .contains(
                        "[2:120] -A PREROUTING -p tcp -m tcp --dport 99 -m comment --comment \"no target\"",
                        "[3:180] -A PREROUTING -j STAYS",
                        "[5:300] -A OUTPUT -g STAYS",
                        ":EMPTY - [0:0]")
                .anyMatch(line -> line.startsWith(":PREROUTING ACCEPT [7:420]"));
        assertThat(with(node, family, tables -> tables.remove("nat", name -> name.startsWith("GONE-"))))
                .isFalse();
    }

    /** What iptables prints after it equals what it printed before without the lines that name a chain that went. */
    @Test
    void random_chains(TestNetns node) {
        Random random = new Random(SEED);
        for (int round = 0; round < 30; round++) {
            restore(node, Family.IPV4, script(random));
            List<String> expected = save(node, Family.IPV4).stream()
                    .filter(line -> !line.contains("GONE"))
                    .toList();
            with(node, Family.IPV4, tables -> tables.remove("filter", name -> name.startsWith("GONE-")));
            assertThat(save(node, Family.IPV4))
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(expected);
        }
    }

    private static String script(Random random) {
        List<String> chains = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(12); i++) {
            chains.add((random.nextBoolean() ? "GONE-" : "STAYS-") + i);
        }
        Collections.shuffle(chains, random);
        List<String> lines = new ArrayList<>(
                List.of("*filter", ":INPUT ACCEPT [1:1]", ":FORWARD DROP [2:2]", ":OUTPUT ACCEPT [3:3]"));
        chains.forEach(chain -> lines.add(":" + chain + " - [0:0]"));
        for (int i = 0; i < random.nextInt(60); i++) {
            // Only to later ones: circles are refused.
            int from = random.nextInt(chains.size() + 1) - 1;
            int to = from + 1 + random.nextInt(chains.size());
            String chain = from < 0 ? List.of("INPUT", "FORWARD", "OUTPUT").get(random.nextInt(3)) : chains.get(from);
            String target = to < chains.size()
                    ? (random.nextInt(4) == 0 ? " -g " : " -j ") + chains.get(to)
                    : List.of(" -j ACCEPT", " -j DROP", " -j RETURN", "", " -j REJECT")
                            .get(random.nextInt(5));
            String match = random.nextBoolean() ? " -p tcp -m tcp --dport " + (1 + random.nextInt(9999)) : "";
            lines.add("[%d:%d] -A %s%s%s".formatted(i, random.nextInt(5000), chain, match, target));
        }
        lines.add("COMMIT");
        return String.join("\n", lines) + "\n";
    }

    private static void restore(TestNetns node, Family family, String script) {
        // Arguments of a process, as the namespace's commands have no standard input.
        node.exec("sh", "-c", "printf '%s' \"$1\" | " + program(family) + "-restore -c", "sh", script);
    }

    private static List<String> save(TestNetns node, Family family) {
        return node.exec(program(family) + "-save", "-c")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private static String program(Family family) {
        return family == Family.IPV4 ? "iptables-legacy" : "ip6tables-legacy";
    }

    private static String names(Family family) {
        return family == Family.IPV4 ? "ip_tables_names" : "ip6_tables_names";
    }

    private static boolean with(TestNetns node, Family family, Function<XTables, Boolean> body) {
        try (Netns netns = Netns.open(node.path())) {
            return netns.call(() -> {
                try (XTables tables = XTables.open(family)) {
                    return body.apply(tables);
                }
            });
        }
    }
}
