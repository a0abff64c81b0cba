package dev.weft.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.conntrack.Flow;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UdpFlowsTest {
    private static final Ip CLIENT = Ip.parse("10.244.0.9");
    private static final Ip NODE = Ip.parse("192.0.2.7");
    private static final Ip VIP = Ip.parse("10.96.0.10");
    private static final Ip EMPTY = Ip.parse("10.96.0.11");
    private static final Backend POD = new Backend(Ip.parse("10.244.1.3"), 5353);

    private static final UdpFlows RULES = new UdpFlows(
            Map.of(
                    new Frontend(VIP, 17, 53),
                    Set.of(POD),
                    new Frontend(EMPTY, 17, 53),
                    Set.of(),
                    Frontend.nodePort(Family.IPV4, 17, 30_053),
                    Set.of(POD)),
            Set.of(new Frontend(Ip.parse("203.0.113.1"), 17, 53)),
            List.of(Cidr.parse("10.96.0.0/16")),
            Set.of(NODE));

    private static Flow flow(int protocol, Ip to, int port, Ip from, int fromPort) {
        return new Flow(
                new Flow.Tuple(CLIENT, to, protocol, 4000, port),
                new Flow.Tuple(from, CLIENT, protocol, fromPort, 4000),
                0,
                1);
    }

    private static boolean stale(Ip to, int port, Ip from, int fromPort) {
        return RULES.isStale(flow(17, to, port, from, fromPort));
    }

    @Test
    void flows_to_serving_endpoints_stay() {
        assertThat(stale(VIP, 53, POD.address(), POD.port())).isFalse();
        assertThat(stale(NODE, 30_053, POD.address(), POD.port())).isFalse();
    }

    @Test
    void flows_to_endpoints_that_went_go() {
        assertThat(stale(VIP, 53, Ip.parse("10.244.1.4"), 5353)).isTrue();
        assertThat(stale(VIP, 53, POD.address(), 9999)).isTrue();
        assertThat(stale(EMPTY, 53, POD.address(), POD.port())).isTrue();
        assertThat(stale(NODE, 30_053, Ip.parse("10.244.1.4"), 5353)).isTrue();
    }

    @Test
    void flows_that_began_before_there_was_an_endpoint_go() {
        assertThat(stale(VIP, 53, VIP, 53)).isTrue();
        assertThat(stale(NODE, 30_053, NODE, 30_053)).isTrue();
    }

    @Test
    void flows_to_addresses_that_no_service_has_any_more_go() {
        assertThat(stale(Ip.parse("203.0.113.1"), 53, POD.address(), POD.port()))
                .isTrue();
        assertThat(stale(Ip.parse("10.96.0.99"), 53, POD.address(), POD.port())).isTrue();
    }

    @Test
    void what_is_not_ours_stays() {
        // QUIC of a pod to the world, a node port's number on somebody else's host, DNS of the node itself, TCP.
        assertThat(stale(Ip.parse("203.0.113.80"), 443, Ip.parse("203.0.113.80"), 443))
                .isFalse();
        assertThat(stale(Ip.parse("203.0.113.80"), 30_053, Ip.parse("203.0.113.80"), 30_053))
                .isFalse();
        assertThat(stale(NODE, 53, NODE, 53)).isFalse();
        assertThat(stale(Ip.parse("203.0.113.1"), 53, Ip.parse("203.0.113.1"), 53))
                .isFalse();
        assertThat(RULES.isStale(flow(6, VIP, 53, Ip.parse("10.244.1.4"), 5353)))
                .isFalse();
    }
}
