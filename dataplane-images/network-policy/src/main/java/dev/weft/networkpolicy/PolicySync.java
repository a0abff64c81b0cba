package dev.weft.networkpolicy;

import dev.weft.agent.Log;
import dev.weft.agent.SyncRequest;
import dev.weft.agent.SyncTask;
import dev.weft.agent.TimeSource;
import dev.weft.kube.EventNote;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.Diff;
import dev.weft.nftables.Nftables;
import dev.weft.nftables.NftablesException;
import dev.weft.nftables.Ruleset;
import dev.weft.nftables.Transaction;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One turn: takes what was told, makes the kernel follow, and lets pods go that waited for it. The first turn, one every
 * few minutes, the one after a failure and one that finds the table gone read the kernel; the others commit what changed.
 * Nothing is done before the watches have told everything once: the table stays as an earlier process left it.
 */
final class PolicySync implements SyncTask {
    private static final Log LOG = Log.of("network-policy");

    /** How long somebody else's change of single elements can last. */
    private static final Duration READ_AGAIN = Duration.ofMinutes(5);

    private final Parts parts;
    private final Pending pending;
    private final Waiters waiters;
    private final PolicyMetrics metrics;
    private final TimeSource time;
    private final Model model;
    private final FaultReport faults;
    private boolean trusted;
    private long readAt;
    private volatile boolean done;
    private volatile Counts counts = new Counts(0, 0, 0, 0, 0, 0);

    /**
     * Where the parts of a sync come from.
     *
     * @param effects is told whose connections are to be judged again
     * @param events takes Events for people
     */
    record Parts(
            String node,
            boolean isolatesUnknown,
            BooleanSupplier watchesSynced,
            Supplier<Map<ObjectKey, List<Ip>>> leases,
            Nftables nftables,
            Consumer<Effect> effects,
            Consumer<EventNote> events) {}

    /** How much there is. */
    record Counts(int policies, int clusterPolicies, int faulty, int pods, int isolated, int profiles) {}

    PolicySync(Parts parts, Pending pending, Waiters waiters, PolicyMetrics metrics, TimeSource time) {
        this.parts = parts;
        this.pending = pending;
        this.waiters = waiters;
        this.metrics = metrics;
        this.time = time;
        this.model = new Model(parts.node(), parts.isolatesUnknown());
        this.faults = new FaultReport(parts.node(), parts.events());
    }

    @Override
    public synchronized void sync(SyncRequest request) {
        if (!parts.watchesSynced().getAsBoolean()) {
            return;
        }
        long began = time.nanos();
        Batch batch = pending.take(parts.leases());
        Effect effect = model.apply(batch);
        boolean full = !trusted || time.since(readAt).compareTo(READ_AGAIN) > 0 || !isThere();
        boolean first = !done;
        trusted = false;
        // Also when the kernel refuses: what is forbidden by now is judged once it has taken the rest.
        if (first) {
            effect.pods.addAll(model.profiles().isolatedAddresses());
            effect.allCut = true;
        }
        parts.effects().accept(effect);
        try {
            Transaction changes = model.mirror().drain();
            if (full) {
                takeOver();
                readAt = time.nanos();
            } else {
                parts.nftables().commit(changes);
            }
        } catch (RuntimeException e) {
            metrics.failed();
            throw e;
        }
        trusted = true;
        done = true;
        counts = new Counts(
                model.policies().size(),
                model.policies().clusterSize(),
                model.policies().faulty().size(),
                model.pods(),
                model.profiles().isolatedPods(),
                model.profiles().all().size());
        waiters.settle(this::isInForce);
        metrics.synced(time.since(began), full);
        if (full || !batch.clusterPolicies().isEmpty()) {
            faults.tell(model.policies().faulty(), model.nodes().all());
        }
    }

    private void takeOver() {
        Ruleset desired = model.mirror().ruleset();
        Optional<Ruleset> actual = parts.nftables().read(Layout.TABLE);
        Transaction difference = Diff.between(actual, desired);
        parts.nftables().commit(difference);
        if (done && !difference.isEmpty()) {
            LOG.info(
                    "restored",
                    "table",
                    Layout.TABLE,
                    "changes",
                    difference.operations().size());
        }
    }

    /** Whether the table is there, as far as a look costs next to nothing: others flush all of nftables at times. */
    private boolean isThere() {
        try {
            return parts.nftables()
                    .elements(Layout.TABLE, Layout.isolated(Direction.INGRESS, Family.IPV4))
                    .keySet()
                    .equals(model.mirror().keysInKernel(Layout.isolated(Direction.INGRESS, Family.IPV4)));
        } catch (NftablesException e) {
            if (e.reason() == NftablesException.Reason.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /**
     * The API server has told of this very pod and of its namespace, by whose labels ClusterNetworkPolicies select it, CNI of
     * its addresses, and the kernel has what follows.
     */
    private boolean isInForce(Waiters.Waiter waiter) {
        return model.leased(waiter.pod).containsAll(waiter.ips)
                && (model.policies().clusterSize() == 0 || model.hasNamespace(waiter.pod.namespace()))
                && model.told(waiter.pod)
                        .filter(pod -> waiter.uid.isEmpty() || waiter.uid.equals(pod.uid()))
                        .isPresent();
    }

    /** Makes the next turn read the kernel. */
    synchronized void distrust() {
        trusted = false;
    }

    boolean isDone() {
        return done;
    }

    Counts counts() {
        return counts;
    }

    synchronized boolean allows(Ip source, Ip destination, int protocol, int port) {
        return model.allows(source, destination, protocol, port);
    }

    synchronized String trace(Ip source, Ip destination, int protocol, int port) {
        return new Trace(model).of(source, destination, protocol, port);
    }

    /** The pod that has an address, for people; the address itself if none is known. */
    synchronized String name(Ip ip) {
        return model.at(ip).stream()
                .findFirst()
                .map(pod -> pod.key() + " " + ip)
                .orElseGet(ip::toString);
    }

    /** Each chain that can deny. */
    synchronized Map<String, Denial> denials() {
        Map<String, Denial> denials = new HashMap<>();
        model.profiles().denials().forEach(denial -> denials.put(denial.chain(), denial));
        return denials;
    }

    /** Which rule of a ClusterNetworkPolicy denies a connection, for people; empty if none does by now. */
    synchronized String rule(Denial by, Ip source, Ip destination, int protocol, int port) {
        return new Trace(model).rule(by, source, destination, protocol, port);
    }

    /** The table as it should be, for tests that compare. */
    synchronized Ruleset desired() {
        return model.mirror().ruleset();
    }
}
