package dev.weft.serviceproxy;

import dev.weft.agent.Log;
import dev.weft.agent.SyncRequest;
import dev.weft.agent.SyncTask;
import dev.weft.agent.TimeSource;
import dev.weft.kube.Change;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.Nftables;
import dev.weft.nftables.Transaction;
import dev.weft.serviceproxy.TableState.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * One turn of the proxy: takes what the watches told, and makes the kernel follow. The first turn, one every few minutes,
 * the one after a failure and one that finds a table gone read the kernel; the others commit what changed. Nothing is
 * done before the watches have told everything once.
 */
final class ProxySync implements SyncTask {
    private static final Log LOG = Log.of("service-proxy");

    /** How long somebody else's change of single elements can last. */
    private static final Duration READ_AGAIN = Duration.ofMinutes(5);

    private final Pending pending;
    private final Supplier<Optional<Node>> node;
    private final Supplier<Boolean> watchesSynced;
    private final ProxyMetrics metrics;
    private final TimeSource time;
    private final BiConsumer<List<HealthCheck>, Site> healthChecks;
    private final List<FamilyProxy> families = new ArrayList<>();
    private final ServiceIndex index = new ServiceIndex();
    private final Map<ObjectKey, ServiceInputs> programmed = new HashMap<>();
    private final Map<ObjectKey, HealthCheck> checks = new HashMap<>();
    private final LocalCounts locals = new LocalCounts();
    private Site site;
    private boolean trusted;
    private long readAt;
    private volatile boolean done;
    private volatile int endpoints;
    private volatile int services;

    /** Where the parts of a sync come from. */
    record Parts(
            ProxyConfig config,
            String nodeName,
            Supplier<Optional<Node>> node,
            Supplier<Boolean> watchesSynced,
            Nftables nftables,
            FlowTable flows,
            BiConsumer<List<HealthCheck>, Site> healthChecks) {}

    ProxySync(Parts parts, Pending pending, ProxyMetrics metrics, TimeSource time) {
        this.pending = pending;
        this.node = parts.node();
        this.watchesSynced = parts.watchesSynced();
        this.metrics = metrics;
        this.time = time;
        this.healthChecks = parts.healthChecks();
        this.site = new Site(parts.nodeName(), "", List.of(), List.of());
        for (Family family : Family.values()) {
            boolean used = !parts.config().podCidrs(family).isEmpty()
                    || !parts.config().serviceCidrs(family).isEmpty();
            if (used) {
                families.add(new FamilyProxy(family, parts.config(), parts.nftables(), parts.flows(), site));
            }
        }
    }

    @Override
    public synchronized void sync(SyncRequest request) {
        if (!watchesSynced.get()) {
            return;
        }
        long began = time.nanos();
        Pending.Batch batch = pending.take();
        Set<ObjectKey> dirty = new HashSet<>();
        batch.services().forEach(change -> index.service(change, dirty));
        batch.slices().forEach(change -> index.slice(change, dirty));
        Site now = node.get().map(Site::of).orElse(site);
        boolean full = !trusted
                || !now.equals(site)
                || time.since(readAt).compareTo(READ_AGAIN) > 0
                || !families.stream().allMatch(FamilyProxy::isThere);
        boolean first = !done;
        trusted = false;
        Map<ObjectKey, Step> steps = steps(dirty);
        try {
            if (full) {
                site = now;
                takeOver();
                readAt = time.nanos();
            } else if (!steps.isEmpty()) {
                families.forEach(family -> family.commit(steps, this::before));
            }
        } catch (RuntimeException e) {
            metrics.failed();
            throw e;
        }
        trusted = true;
        done = true;
        follow(steps, full);
        metrics.synced(time.since(began), full, time.now());
        if (!first) {
            for (Change<EndpointSlice> change : batch.slices()) {
                metrics.programmed(
                        change.after().map(EndpointSlice::changedAtMillis).orElse(0L), time.now());
            }
        }
    }

    /** Changes in what is programmed; what was programmed is replaced at once, since a failure reads the kernel anew. */
    private Map<ObjectKey, Step> steps(Set<ObjectKey> dirty) {
        Map<ObjectKey, Step> steps = new LinkedHashMap<>();
        for (ObjectKey key : dirty) {
            Optional<ServiceInputs> old = before(key);
            Optional<ServiceInputs> now =
                    index.inputs(key).filter(inputs -> inputs.service().isProxied());
            if (!old.equals(now)) {
                steps.put(key, new Step(old, now));
                now.ifPresentOrElse(inputs -> programmed.put(key, inputs), () -> programmed.remove(key));
            }
        }
        return steps;
    }

    private Optional<ServiceInputs> before(ObjectKey key) {
        return Optional.ofNullable(programmed.get(key));
    }

    private void takeOver() {
        for (FamilyProxy family : families) {
            Transaction difference = family.takeOver(programmed.values(), site);
            if (done && !difference.isEmpty()) {
                LOG.info(
                        "restored",
                        "table",
                        Layout.table(family.family()),
                        "changes",
                        difference.operations().size());
            }
        }
    }

    /** Health checks and counts, which are about this node and so follow its name. */
    private void follow(Map<ObjectKey, Step> steps, boolean full) {
        if (full) {
            checks.clear();
            locals.clear();
            programmed.forEach((key, inputs) -> follow(key, Optional.of(inputs)));
        } else {
            steps.forEach((key, step) -> follow(key, step.after()));
        }
        services = programmed.size();
        endpoints = locals.endpoints();
        metrics.noLocalEndpoints(locals.internal(), locals.external());
        healthChecks.accept(List.copyOf(checks.values()), site);
    }

    private void follow(ObjectKey key, Optional<ServiceInputs> now) {
        locals.put(key, now, site);
        now.flatMap(inputs -> HealthCheck.of(inputs, site))
                .ifPresentOrElse(check -> checks.put(key, check), () -> checks.remove(key));
    }

    /** Makes the next turn read the kernel. */
    synchronized void distrust() {
        trusted = false;
    }

    boolean isDone() {
        return done;
    }

    int services() {
        return services;
    }

    int endpoints() {
        return endpoints;
    }

    /** The tables as they should be, for tests that compare. */
    synchronized List<FamilyProxy> families() {
        return List.copyOf(families);
    }

    synchronized List<ServiceInputs> programmed() {
        return List.copyOf(programmed.values());
    }

    synchronized String trace(Ip source, Ip destination, int protocol, int port) {
        for (FamilyProxy family : families) {
            if (family.family() == destination.family()) {
                return new Trace(family.state(), this::before, site)
                        .of(source, new Frontend(destination, protocol, port));
            }
        }
        return "the cluster has no " + destination.family();
    }
}
