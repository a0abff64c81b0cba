package dev.weft.serviceproxy;

import dev.weft.kube.Change;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes that the watches told and the kernel does not have yet, one an object: the latest. Any thread. */
final class Pending {
    private Map<ObjectKey, Change<Service>> services = new HashMap<>();
    private Map<ObjectKey, Change<EndpointSlice>> slices = new HashMap<>();
    private long serviceChanges;
    private long sliceChanges;

    /** What gathered since it was taken last. */
    record Batch(List<Change<Service>> services, List<Change<EndpointSlice>> slices) {}

    synchronized void service(Change<Service> change) {
        serviceChanges++;
        services.merge(change.key(), change, Pending::joined);
    }

    synchronized void slice(Change<EndpointSlice> change) {
        sliceChanges++;
        slices.merge(change.key(), change, Pending::joined);
    }

    /** What was there before the changes; a change that was told already counts more. */
    synchronized void known(Map<ObjectKey, Service> before, Map<ObjectKey, EndpointSlice> beforeSlices) {
        before.forEach(
                (key, value) -> services.putIfAbsent(key, new Change<>(key, Optional.empty(), Optional.of(value))));
        beforeSlices.forEach(
                (key, value) -> slices.putIfAbsent(key, new Change<>(key, Optional.empty(), Optional.of(value))));
    }

    private static <T> Change<T> joined(Change<T> first, Change<T> second) {
        return new Change<>(first.key(), first.before(), second.after());
    }

    synchronized Batch take() {
        Batch batch = new Batch(new ArrayList<>(services.values()), new ArrayList<>(slices.values()));
        services = new HashMap<>();
        slices = new HashMap<>();
        return batch;
    }

    synchronized int pendingServices() {
        return services.size();
    }

    synchronized int pendingSlices() {
        return slices.size();
    }

    synchronized long serviceChanges() {
        return serviceChanges;
    }

    synchronized long sliceChanges() {
        return sliceChanges;
    }
}
