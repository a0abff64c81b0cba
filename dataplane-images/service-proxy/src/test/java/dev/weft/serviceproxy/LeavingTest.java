package dev.weft.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.EndpointSlice;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.FakeNftables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LeavingTest {
    private static final Ip ONE = Ip.parse("10.244.1.2");

    @Test
    void an_endpoint_that_begins_to_terminate_is_told_of_once_and_before_it_has_left() {
        List<Set<Backend>> told = new ArrayList<>();
        Proxies proxy = Proxies.over(RandomCluster.CONFIG, RandomCluster.SITE, new FakeNftables(), new FlowTable() {
            @Override
            public int forget(Family family, Function<Set<Ip>, UdpFlows> rules) {
                return 0;
            }

            @Override
            public void leaving(Family family, Set<Backend> endpoints) {
                told.add(endpoints);
            }
        });
        EndpointSlice serves = Samples.slice(ONE);
        EndpointSlice drains = Samples.slice(List.of(Samples.endpoint(ONE, "node-0", false, true, true)));
        EndpointSlice drainsBesideOther = Samples.slice(List.of(
                Samples.endpoint(ONE, "node-0", false, true, true),
                Samples.endpoint(Ip.parse("10.244.1.3"), "node-0", true, true, false)));
        proxy.put(Samples.web(Ip.parse("10.96.0.1"), 0));
        proxy.put(Samples.WEB, Optional.empty(), serves);
        proxy.resync();
        assertThat(told).isEmpty();
        proxy.put(Samples.WEB, Optional.of(serves), drains);
        proxy.follow();
        proxy.put(Samples.WEB, Optional.of(drains), drainsBesideOther);
        proxy.follow();
        proxy.put(Samples.WEB, Optional.of(drainsBesideOther), Samples.slice());
        proxy.follow();
        assertThat(told).containsExactly(Set.of(new Backend(ONE, Wire.TARGET)));
    }
}
