package dev.weft.networkpolicy;

import dev.weft.agent.Metrics;
import dev.weft.agent.SyncRequest;
import dev.weft.agent.TimeSource;
import dev.weft.kube.Change;
import dev.weft.kube.EventNote;
import dev.weft.nftables.Nftables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The role without its threads: turns that a test takes one by one, over the objects of a {@link World}. */
final class Turns {
    final Pending pending = new Pending();
    final Waiters waiters = new Waiters();
    final PolicySync sync;
    final World world;
    final List<EventNote> events = new ArrayList<>();
    Effect effect = new Effect();

    Turns(World world, Nftables nftables) {
        this.world = world;
        this.sync = new PolicySync(
                new PolicySync.Parts(
                        Samples.NODE, false, () -> true, () -> world.leases, nftables, this::owe, events::add),
                pending,
                waiters,
                new PolicyMetrics(new Metrics()),
                TimeSource.system());
    }

    private void owe(Effect more) {
        effect.add(more);
    }

    /** Tells what changed in the world, and takes a turn. */
    void follow() {
        Batch batch = world.changes();
        batch.pods().forEach((key, pod) -> pending.pod(new Change<>(key, Optional.empty(), pod)));
        batch.namespaces().forEach((key, value) -> pending.namespace(new Change<>(key, Optional.empty(), value)));
        batch.policies().forEach((key, policy) -> pending.policy(new Change<>(key, Optional.empty(), policy)));
        batch.clusterPolicies()
                .forEach((key, policy) -> pending.clusterPolicy(new Change<>(key, Optional.empty(), policy)));
        batch.nodes().forEach((key, peer) -> pending.node(new Change<>(key, Optional.empty(), peer)));
        batch.leases().ifPresent(leases -> pending.leases());
        sync.sync(new SyncRequest(false, List.of("test")));
    }

    /** What connections are to be judged again since it was asked last. */
    Effect takeEffect() {
        Effect taken = effect;
        effect = new Effect();
        return taken;
    }
}
