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
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Writes what the parts want to be written, while this proxy leads. Each object is written by itself, see {@link Writes}; of
 * those that say what they should, nothing but their being the same instances is looked at again.
 */
public final class Control implements AutoCloseable {
    private static final Log LOG = Log.of("control");

    /** What is to be written. */
    private record Wanted(Cluster cluster, List<Part> parts) {}

    /** An Ingress, and the addresses that it is to be told. */
    private record Reached(IngressCompiler.Served served, List<String> at) {}

    private final KubeClient client;
    private final Leadership leadership;
    private final EventRecorder events;
    private final ServiceWriter services;
    private final IngressAddresses addresses;
    private final TimeSource time;
    private final SyncLoop loop;
    private final Writes writes;

    /** What was written or refused, with the state it was made of: until something else is wanted, there is nothing to do. */
    private final Map<ObjectReference, Object> settled = new ConcurrentHashMap<>();

    private volatile boolean anew;

    // Of the loop's thread.
    private Set<Status> quiet = Set.of();
    private List<String> reached = List.of();
    private Map<String, String> versions = Map.of();
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
        this.services = new ServiceWriter(client, reserved, domain);
        this.leadership = new Leadership(client, namespace, "weft-ingress", identity, this::gained, time);
        this.loop = new SyncLoop("control", SyncTiming.of(Duration.ofMillis(20), Duration.ofMinutes(10)), this::sync);
        this.writes = new Writes(leadership::isLeader, () -> loop.trigger("another try"), time);
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
        writes.close();
        leadership.close();
    }

    private void gained() {
        anew = true;
        loop.trigger("leads");
    }

    private void sync(SyncRequest request) {
        if (!leadership.isLeader()) {
            return;
        }
        Wanted now = wanted;
        look(now.cluster());
        List<ServicePlan> plans = new ArrayList<>();
        Set<Status> well = Collections.newSetFromMap(new IdentityHashMap<>(quiet.size()));
        int count = 0;
        for (Part part : now.parts()) {
            count += part.statuses().size();
            for (Status status : part.statuses()) {
                plan(status).ifPresent(plans::add);
                if (quiet.contains(status) || isWell(status)) {
                    well.add(status);
                }
            }
        }
        quiet = well;
        if (settled.size() > count) {
            settled.keySet().retainAll(objects(now.parts()));
        }
        services.works(plans, now.cluster().all(GatewayKinds.GATEWAY_SERVICES))
                .forEach(write -> writes.submit(write.key(), write, () -> services.carryOut(write)));
        tell(now.parts());
    }

    /** Begins with nothing known if what all statuses are written by is other than before. */
    private void look(Cluster cluster) {
        List<String> reachedNow = addresses.of(cluster);
        Map<String, String> versionsNow = GatewayDiscovery.versions(cluster);
        if (anew || !reachedNow.equals(reached) || !versionsNow.equals(versions)) {
            if (anew) {
                anew = false;
                settled.clear();
            }
            quiet = Set.of();
            reached = reachedNow;
            versions = versionsNow;
        }
    }

    private static Set<ObjectReference> objects(List<Part> parts) {
        return parts.stream()
                .flatMap(part -> part.statuses().stream())
                .map(Status::object)
                .collect(Collectors.toSet());
    }

    /** Whether a status says what it should, or all was done for that; has it written otherwise. */
    private boolean isWell(Status status) {
        return switch (status) {
            case GatewayStatus of -> isWell(of);
            case IngressCompiler.Served served -> isWell(served);
            default -> throw new IllegalStateException("nobody writes statuses of " + status.object());
        };
    }

    private static Optional<ServicePlan> plan(Status status) {
        return status instanceof GatewayStatus gateway && gateway.content() instanceof GatewayStatus.OfGateway of
                ? of.service()
                : Optional.empty();
    }

    private boolean isWell(GatewayStatus status) {
        ObjectReference object = status.object();
        String version = versions.get(status.resource().plural());
        if (version == null || status.equals(settled.get(object))) {
            return true;
        }
        Optional<Map<String, Object>> patch = StatusJson.patch(status, time.now());
        patch.ifPresent(fields -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("metadata", Map.of("resourceVersion", status.meta().resourceVersion()));
            json.put("status", fields);
            String path = status.resource().statusPath(version, status.meta().key());
            writes.submit(object, status, () -> write(object, status, path, JsonText.of(json)));
        });
        return patch.isEmpty();
    }

    /** An address that is not known now, since a load balancer is being made, is no reason to take the one before away. */
    private boolean isWell(IngressCompiler.Served served) {
        ObjectReference object = served.object();
        Reached state = new Reached(served, reached);
        if (reached.isEmpty() || served.addresses().equals(reached) || state.equals(settled.get(object))) {
            return true;
        }
        String path = "/apis/networking.k8s.io/v1/namespaces/" + object.namespace() + "/ingresses/" + object.name()
                + "/status";
        String json = JsonText.of(IngressAddresses.status(reached));
        writes.submit(object, state, () -> write(object, state, path, json));
        return false;
    }

    private Writes.Outcome write(ObjectReference object, Object state, String path, String json) throws KubeException {
        try {
            client.mergePatch(path, json);
        } catch (KubeApiException e) {
            if (e.isTransient() || e.isAuthentication()) {
                throw e;
            }
            // Changed or gone meanwhile, which the watch will tell; anything else will not get better by trying.
            if (!e.isConflict() && !e.isNotFound()) {
                LOG.error("a status was refused", e);
            }
        }
        settled.put(object, state);
        return Writes.Outcome.DONE;
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
}
