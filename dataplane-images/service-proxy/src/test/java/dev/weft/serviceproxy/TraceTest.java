package dev.weft.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.Service;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.nftables.FakeNftables;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final Ip POD = Ip.parse("10.244.0.9");
    private static final Ip OUTSIDE = Ip.parse("192.0.2.200");

    private final Proxies proxy = Proxies.over(new FakeNftables());

    TraceTest() {
        proxy.put(new Service(
                Samples.WEB,
                "LoadBalancer",
                List.of(Ip.parse("10.96.0.1")),
                List.of(new Service.Port("t", 6, 80, 30_080)),
                new Service.External(
                        List.of(), List.of(Ip.parse("203.0.113.9")), List.of(Cidr.parse("192.0.2.0/24")), true, 0),
                false,
                60));
        proxy.put(
                Samples.WEB,
                Optional.empty(),
                Samples.slice(List.of(
                        Samples.endpoint(Ip.parse("10.244.0.2"), "node-0", true, true, false),
                        Samples.endpoint(Ip.parse("10.244.1.2"), "node-1", true, true, false))));
        proxy.resync();
    }

    private String trace(Ip source, String to, int port) {
        return proxy.sync.trace(source, Ip.parse(to), 6, port);
    }

    @Test
    void says_which_service_and_which_endpoints() {
        assertThat(trace(POD, "10.96.0.1", 80)).isEqualTo("""
                Service shop/web, port t by its ClusterIP (10.96.0.1 tcp 80)
                to one of 2 (chain lb-2-sticky, all ready endpoints): 10.244.0.2:8080, 10.244.1.2:8080
                a client stays with its endpoint for 60 s after its latest connection (map affinity)
                the source stays 10.244.0.9""");
    }

    @Test
    void says_what_policy_local_does() {
        assertThat(trace(OUTSIDE, "203.0.113.9", 80))
                .contains("externalTrafficPolicy Local, and 192.0.2.200 is outside")
                .contains("to one of 1 (chain out-1-sticky")
                .contains("10.244.0.2:8080")
                .doesNotContain("10.244.1.2");
        assertThat(trace(POD, "192.0.2.7", 30_080))
                .contains("by its node port (node port tcp 30080)")
                .contains("is a pod")
                .contains("chain np-in-2-sticky");
    }

    @Test
    void says_why_nothing_is_reached() {
        assertThat(trace(POD, "203.0.113.9", 80))
                .contains("dropped: 10.244.0.9 is in none of loadBalancerSourceRanges");
        assertThat(trace(POD, "10.96.0.1", 81)).contains("rejected: the Service of 10.96.0.1 has no port 81");
        assertThat(trace(POD, "10.96.0.77", 80)).contains("dropped: no Service has 10.96.0.77");
        assertThat(trace(POD, "198.51.100.1", 80)).contains("the packet goes on as it is");
    }
}
