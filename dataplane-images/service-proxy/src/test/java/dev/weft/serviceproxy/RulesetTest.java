package dev.weft.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.linux.Netns;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.nftables.NftablesException;
import dev.weft.nftables.NftablesKernel;
import dev.weft.testkit.Golden;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tables as nft prints them. */
@ExtendWith(NetworkNamespaces.class)
class RulesetTest {
    private static final ObjectKey SHOP = new ObjectKey("shop", "front");

    private static Proxies filled(NftablesKernel nftables) {
        Proxies proxy = Proxies.over(nftables);
        proxy.put(Samples.web(Ip.parse("10.96.0.1"), 0));
        proxy.put(Samples.WEB, Optional.empty(), Samples.slice(Ip.parse("10.244.0.2"), Ip.parse("10.244.1.3")));
        proxy.put(new Service(
                SHOP,
                "LoadBalancer",
                List.of(Ip.parse("10.96.0.2"), Ip.parse("fd00:96::2")),
                List.of(new Service.Port("https", 6, 443, 30_443)),
                new Service.External(
                        List.of(),
                        List.of(Ip.parse("203.0.113.9"), Ip.parse("2001:db8:1::9")),
                        List.of(Cidr.parse("192.0.2.0/24")),
                        true,
                        0),
                false,
                3600));
        proxy.put(
                SHOP,
                Optional.empty(),
                new EndpointSlice(
                        SHOP.name(),
                        List.of(new EndpointSlice.Port("https", 6, 8443)),
                        List.of(
                                Samples.endpoint(Ip.parse("10.244.0.5"), "node-0", true, true, false),
                                Samples.endpoint(Ip.parse("10.244.2.6"), "node-2", true, true, false),
                                Samples.endpoint(Ip.parse("fd00:244::5"), "node-0", true, true, false)),
                        0));
        proxy.put(new Service(
                new ObjectKey("shop", "empty"),
                "ClusterIP",
                List.of(Ip.parse("10.96.0.3")),
                List.of(new Service.Port("", 17, 53, 0)),
                Service.External.NONE,
                false,
                0));
        proxy.resync();
        return proxy;
    }

    @Test
    void people_can_read_it(TestNetns testNetns) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            filled(nftables);
            Golden.assertMatches("nft/services4.nft", testNetns.nft("list", "table", "ip", "weft-service-proxy"));
            Golden.assertMatches("nft/services6.nft", testNetns.nft("list", "table", "ip6", "weft-service-proxy"));
        }
    }

    @Test
    void what_others_change_is_put_back(TestNetns testNetns) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            Proxies proxy = filled(nftables);
            String right = testNetns.nft("list", "ruleset");
            testNetns.nft("delete", "element", "ip", "weft-service-proxy", "services", "{ 10.96.0.1 . tcp . 80 }");
            testNetns.nft("flush", "chain", "ip", "weft-service-proxy", "postrouting");
            testNetns.nft("delete", "table", "ip6", "weft-service-proxy");
            proxy.resync();
            assertThat(testNetns.nft("list", "table", "ip", "weft-service-proxy"))
                    .isSubstringOf(right);
            assertThat(testNetns.nft("list", "table", "ip6", "weft-service-proxy"))
                    .isSubstringOf(right);
        }
    }

    @Test
    void a_table_that_others_flushed_is_made_again_at_the_next_look(TestNetns testNetns) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            Proxies proxy = filled(nftables);
            String right = testNetns.nft("list", "ruleset");
            testNetns.nft("flush", "ruleset");
            proxy.follow();
            assertThat(testNetns.nft("list", "ruleset")).isEqualTo(right);
        }
    }

    @Test
    void a_change_that_the_kernel_refuses_leads_to_a_new_start(TestNetns testNetns) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            Proxies proxy = filled(nftables);
            testNetns.nft("delete", "element", "ip", "weft-service-proxy", "services", "{ 10.96.0.1 . tcp . 80 }");
            proxy.put(
                    Samples.WEB,
                    Optional.of(Samples.slice(Ip.parse("10.244.0.2"), Ip.parse("10.244.1.3"))),
                    Samples.slice(Ip.parse("10.244.0.2")));
            assertThatExceptionOfType(NftablesException.class).isThrownBy(proxy::follow);
            proxy.follow();
            assertThat(testNetns.nft("list", "map", "ip", "weft-service-proxy", "services"))
                    .contains("10.96.0.1 . tcp . 80 comment \"shop/web:t\" : 1:1");
        }
    }

    @Test
    void nothing_is_left_behind(TestNetns testNetns) {
        try (Netns netns = Netns.open(testNetns.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            testNetns.nft("add", "table", "inet", "others");
            filled(nftables);
            assertThat(ServiceProxyRole.cleanup(netns))
                    .containsExactly("table ip weft-service-proxy", "table ip6 weft-service-proxy");
            assertThat(testNetns.nft("list", "ruleset").strip()).isEqualTo("table inet others {\n}");
            assertThat(ServiceProxyRole.cleanup(netns)).isEmpty();
        }
    }
}
