package dev.weft.networkpolicy;

import static dev.weft.kube.ClusterNetworkPolicy.Action.DENY;
import static dev.weft.kube.ClusterNetworkPolicy.Tier.ADMIN;
import static dev.weft.networkpolicy.Samples.cluster;
import static dev.weft.networkpolicy.Samples.labels;
import static dev.weft.networkpolicy.Samples.pod;
import static dev.weft.networkpolicy.Samples.says;
import static dev.weft.networkpolicy.Samples.team;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import dev.weft.nftables.FakeNftables;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a pod's start waits for. */
class WaitersTest {
    private static final ObjectKey POD = new ObjectKey("shop", "web");
    private static final List<Ip> IPS = List.of(Ip.parse("10.244.1.2"));

    private final Turns turns = new Turns(new World(), new FakeNftables());

    private boolean mayStart() throws InterruptedException {
        Waiters.Waiter waiter = turns.waiters.add(POD, "uid-web", IPS);
        turns.follow();
        return turns.waiters.await(waiter, Duration.ZERO);
    }

    @Test
    void a_pod_waits_until_it_and_its_addresses_are_known() throws InterruptedException {
        assertThat(mayStart()).isFalse();
        turns.world.put(pod("web", "web", "10.244.1.2"));
        assertThat(mayStart()).isFalse();
        turns.world.lease(POD, IPS);
        assertThat(mayStart()).isTrue();
    }

    @Test
    void with_cluster_policies_it_waits_for_its_namespace_whose_labels_select_it() throws InterruptedException {
        turns.world
                .put(cluster("guard", ADMIN, 1, labels("team", "a"), List.of(says(DENY, team("b"))), List.of()))
                .put(pod("web", "web", "10.244.1.2"))
                .lease(POD, IPS);
        assertThat(mayStart()).isFalse();
        turns.world.put(Samples.namespace("shop", Map.of("team", "a")));
        assertThat(mayStart()).isTrue();
        assertThat(turns.sync.desired().chains().keySet()).anyMatch(chain -> chain.startsWith("in-admin-"));
    }
}
