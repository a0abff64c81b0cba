package dev.weft.ingress.control;

import dev.weft.agent.Log;
import dev.weft.agent.SyncLoop;
import dev.weft.agent.SyncRequest;
import dev.weft.agent.SyncTiming;
import dev.weft.agent.TimeSource;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.compile.Status;
import dev.weft.ingress.gateway.GatewayDiscovery;
import dev.weft.ingress.gateway.GatewayKinds;
import dev.weft.ingress.gateway.GatewayStatus;
import dev.weft.ingress.gateway.ServicePlan;
import dev.weft.ingress.nginx.IngressCompiler;
import dev.weft.kube.EventNote;
import dev.weft.kube.EventRecorder;
import dev.weft.kube.KubeApiException;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes what the parts want to be written, while this proxy leads. Writes of one round go side by side; one that fails does
 * not hold up the others, and is tried again after a pause.
 */
public final class Control implements AutoCloseable {
    private static final Log LOG = Log.of("control");
    private static final int BESIDE_EACH_OTHER = 8;

    /** What is to be written. */
    private record Wanted(Cluster cluster, List<Part> parts) {}

    private final KubeClient client;
    private final Leadership leadership;
    private final EventRecorder events;
    private final ServiceWriter services;
    private final IngressAddresses addresses;
    private final TimeSource time;
    private final SyncLoop loop;
    private final ExecutorService executor = Executors.newFixedThreadPool(
            BESIDE_EACH_OTHER, Thread.ofPlatform().daemon().name("control-", 0).factory());

    /** Versions of objects whose status was written or refused: until the watch tells of another, there is nothing to do. */
    private final Map<ObjectReference, String> done = new ConcurrentHashMap<>();

    private Set<EventNote> told = Set.of();
    private volatile Wanted wanted = new Wanted(Cluster.EMPTY, List.of());

    /**
     * @param namespace of the proxies
     * @param identity of this proxy, such as its pod's name
     * @param reserved ports of the proxy that are not for Gateways
     * @param domain of the cluster, such as {@code cluster.local}
     * @param addresses that Ingresses are told
     */
    public Control(
            KubeClient client,
            EventRecorder events,
            String namespace,
            String identity,
            Set<Integer> reserved,
            String domain,
            IngressAddresses addresses,
            TimeSource time) {
        this.client = client;
        this.addresses = addresses;
        this.events = events;
        this.time = time;
        this.services = new ServiceWriter(client, reserved, domain, time);
        this.leadership = new Leadership(client, namespace, "weft-ingress", identity, this::gained, time);
        this.loop = new SyncLoop("control", SyncTiming.of(Duration.ofMillis(20), Duration.ofMinutes(10)), this::sync);
    }

    public void start() {
        loop.start();
        leadership.start();
    }

    public boolean isLeader() {
        return leadership.isLeader();
    }

    /**
     * Wants this from now on. Never blocks.
     *
     * @param cluster that the parts were made of, complete: a Gateway that is not in it does not exist
     */
    public void want(Cluster cluster, List<Part> parts) {
        wanted = new Wanted(cluster, List.copyOf(parts));
        loop.trigger("compiled");
    }

    /** Ends after the round in progress, and gives the lead up. */
    @Override
    public void close() {
        loop.close();
        executor.shutdownNow();
        leadership.close();
    }

    private void gained() {
        done.clear();
        loop.trigger("leads");
    }

    private void sync(SyncRequest request) throws KubeException {
        if (!leadership.isLeader()) {
            return;
        }
        Wanted now = wanted;
        Map<String, String> versions = GatewayDiscovery.versions(now.cluster());
        List<Status> statuses =
                now.parts().stream().flatMap(part -> part.statuses().stream()).toList();
        List<ServicePlan> plans = new ArrayList<>();
        List<Work> works = new ArrayList<>();
        List<String> reached = addresses.of(now.cluster());
        for (Status status : statuses) {
            switch (status) {
                case GatewayStatus of -> {
                    plan(of).ifPresent(plans::add);
                    Optional.ofNullable(versions.get(of.resource().plural()))
                            .ifPresent(version -> status(of, version).ifPresent(works::add));
                }
                case IngressCompiler.Served served -> status(served, reached).ifPresent(works::add);
                default -> throw new IllegalStateException("nobody writes statuses of " + status.object());
            }
        }
        services.works(plans, now.cluster().all(GatewayKinds.GATEWAY_SERVICES)).forEach(works::add);
        tell(now.parts());
        run(works);
    }

    private static Optional<ServicePlan> plan(GatewayStatus status) {
        return status.content() instanceof GatewayStatus.OfGateway of ? of.service() : Optional.empty();
    }

    /** Something to be written. */
    interface Work {
        void run() throws KubeException;
    }

    private Optional<Work> status(GatewayStatus status, String version) {
        ObjectReference object = status.object();
        String state = status.meta().resourceVersion();
        if (state.equals(done.get(object))) {
            return Optional.empty();
        }
        return StatusJson.patch(status, time.now()).map(patch -> () -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("metadata", Map.of("resourceVersion", state));
            json.put("status", patch);
            write(
                    object,
                    state,
                    status.resource().statusPath(version, status.meta().key()),
                    JsonText.of(json));
        });
    }

    /** An address that is not known now, since a load balancer is being made, is no reason to take the one before away. */
    private Optional<Work> status(IngressCompiler.Served served, List<String> reached) {
        ObjectReference object = served.object();
        String state = served.addresses() + " " + reached;
        if (reached.isEmpty() || served.addresses().equals(reached) || state.equals(done.get(object))) {
            return Optional.empty();
        }
        String path = "/apis/networking.k8s.io/v1/namespaces/" + object.namespace() + "/ingresses/" + object.name()
                + "/status";
        return Optional.of(() -> write(object, state, path, JsonText.of(IngressAddresses.status(reached))));
    }

    private void write(ObjectReference object, String state, String path, String json) throws KubeException {
        done.put(object, state);
        try {
            client.mergePatch(path, json);
        } catch (KubeApiException e) {
            if (e.isTransient() || e.isAuthentication()) {
                done.remove(object, state);
                throw e;
            }
            // Changed or gone meanwhile, which the watch will tell; anything else will not get better by trying.
            if (!e.isConflict() && !e.isNotFound()) {
                LOG.error("a status was refused", e);
            }
        } catch (KubeException e) {
            done.remove(object, state);
            throw e;
        }
    }

    /** Each note once, until it was gone for a while. */
    private void tell(List<Part> parts) {
        Set<EventNote> now = new HashSet<>();
        parts.forEach(part -> now.addAll(part.notes()));
        for (EventNote note : now) {
            if (!told.contains(note)) {
                events.record(note);
            }
        }
        told = now;
    }

    private void run(List<Work> works) throws KubeException {
        List<Future<?>> futures = new ArrayList<>();
        for (Work work : works) {
            futures.add(executor.submit(() -> {
                work.run();
                return null;
            }));
        }
        KubeException failure = null;
        for (Future<?> future : futures) {
            try {
                future.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case KubeException cause -> failure = cause;
                    case RuntimeException cause -> throw cause;
                    case null, default -> throw new IllegalStateException(e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
