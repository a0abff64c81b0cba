package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.Netns;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NetworkNamespaces.class)
class KubeProxyRulesTest {

    @Test
    void finds_nothing_where_there_is_nothing(TestNetns node) {
        assertThat(found(node)).isEmpty();
        assertThat(remove(node)).isEmpty();
    }

    @Test
    void removes_the_tables_of_nftables_mode(TestNetns node) {
        node.nftScript("""
                table ip kube-proxy { chain services { type nat hook prerouting priority -100; counter; }; }
                table ip6 kube-proxy { chain services { counter; }; }
                table inet other { chain c { counter; }; }
                """);
        assertThat(found(node)).containsExactly("nftables");
        assertThat(remove(node)).containsExactly("table ip kube-proxy", "table ip6 kube-proxy");
        assertThat(found(node)).isEmpty();
        assertThat(node.nft("list", "tables")).contains("inet other").doesNotContain("kube-proxy");
    }

    /** As iptables writes them, with its matches that nftables does not know; and the iptables before nftables. */
    @ParameterizedTest
    @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
    void removes_the_chains_of_iptables_mode_and_no_others(String iptables, TestNetns node) {
        for (String line : List.of(
                "-t nat -N KUBE-SERVICES",
                "-t nat -N KUBE-SVC-ABC",
                "-t nat -N KUBE-SEP-ABC",
                "-t nat -N KUBE-POSTROUTING",
                "-t nat -N KUBE-ROUTER-X",
                "-t nat -A PREROUTING -m comment --comment kube -j KUBE-SERVICES",
                "-t nat -A OUTPUT -m comment --comment kube -j KUBE-SERVICES",
                "-t nat -A OUTPUT -p tcp --dport 99 -j ACCEPT",
                "-t nat -A POSTROUTING -j KUBE-POSTROUTING",
                "-t nat -A PREROUTING -j KUBE-ROUTER-X",
                "-t nat -A KUBE-SERVICES -d 10.96.0.1/32 -p tcp --dport 443 -j KUBE-SVC-ABC",
                "-t nat -A KUBE-SVC-ABC -m statistic --mode random --probability 0.5 -j KUBE-SEP-ABC",
                "-t nat -A KUBE-SEP-ABC -p tcp -j DNAT --to-destination 10.244.1.2:443",
                "-t filter -N KUBE-FORWARD",
                "-t filter -N KUBE-FIREWALL",
                "-t filter -A FORWARD -m comment --comment kube -j KUBE-FORWARD",
                "-t filter -A OUTPUT -j KUBE-FIREWALL",
                "-t filter -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP")) {
            node.exec((iptables + " -w " + line).split(" "));
        }
        assertThat(found(node)).containsExactly("iptables");

        assertThat(remove(node))
                .containsExactlyElementsOf(
                        iptables.equals("iptables-nft")
                                ? List.of("chains KUBE-* of table ip nat", "chains KUBE-* of table ip filter")
                                : List.of(
                                        "chains KUBE-* of iptables-legacy's table nat, IPV4",
                                        "chains KUBE-* of iptables-legacy's table filter, IPV4"));

        assertThat(found(node)).isEmpty();
        assertThat(node.exec(iptables, "-t", "nat", "-S").lines())
                .contains(
                        "-N KUBE-ROUTER-X",
                        "-A PREROUTING -j KUBE-ROUTER-X",
                        "-A OUTPUT -p tcp -m tcp --dport 99 -j ACCEPT")
                .noneMatch(line -> line.contains("KUBE-S") || line.contains("KUBE-POST"));
        assertThat(node.exec(iptables, "-S").lines())
                .contains("-A OUTPUT -j KUBE-FIREWALL")
                .noneMatch(line -> line.contains("KUBE-FORWARD"));
    }

    @Test
    void removes_the_addresses_of_ipvs_mode(TestNetns node) {
        node.ip("link", "add", "kube-ipvs0", "type", "veth", "peer", "name", "other");
        node.ip("addr", "add", "10.96.0.10/32", "dev", "kube-ipvs0");
        assertThat(found(node)).containsExactly("ipvs");
        assertThat(remove(node)).containsExactly("link kube-ipvs0");
        assertThat(found(node)).isEmpty();
    }

    private static List<String> found(TestNetns node) {
        return in(node, KubeProxyRules::found);
    }

    private static List<String> remove(TestNetns node) {
        return in(node, KubeProxyRules::remove);
    }

    private static List<String> in(TestNetns node, Function<KubeProxyRules, List<String>> body) {
        try (Netns netns = Netns.open(node.path())) {
            return netns.call(() -> {
                try (KubeProxyRules rules = KubeProxyRules.open()) {
                    return body.apply(rules);
                }
            });
        }
    }
}
