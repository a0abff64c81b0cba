package dev.weft.serviceproxy;

import dev.weft.kube.Change;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Services with their EndpointSlices: joins what two watches tell. Holds the records of the watches' stores, no copies.
 * One thread.
 */
final class ServiceIndex {
    private final Map<ObjectKey, Service> services = new HashMap<>();
    private final Map<ObjectKey, Map<String, EndpointSlice>> slices = new HashMap<>();

    /** Takes a change of a Service and marks it. */
    void service(Change<Service> change, Set<ObjectKey> dirty) {
        change.after().ifPresentOrElse(now -> services.put(change.key(), now), () -> services.remove(change.key()));
        dirty.add(change.key());
    }

    /** Takes a change of an EndpointSlice and marks the Services it belongs and belonged to. */
    void slice(Change<EndpointSlice> change, Set<ObjectKey> dirty) {
        change.before()
                .ifPresent(old -> owner(change.key(), old).ifPresent(service -> {
                    Map<String, EndpointSlice> rest = new TreeMap<>(slices.getOrDefault(service, Map.of()));
                    rest.remove(change.key().name());
                    put(service, rest);
                    dirty.add(service);
                }));
        change.after()
                .ifPresent(now -> owner(change.key(), now).ifPresent(service -> {
                    Map<String, EndpointSlice> more = new TreeMap<>(slices.getOrDefault(service, Map.of()));
                    more.put(change.key().name(), now);
                    put(service, more);
                    dirty.add(service);
                }));
    }

    /** A map of one entry is a fifth of the size of a tree, and nearly all Services have one slice a family. */
    private void put(ObjectKey service, Map<String, EndpointSlice> now) {
        if (now.isEmpty()) {
            slices.remove(service);
        } else {
            slices.put(service, now.size() == 1 ? Map.copyOf(now) : now);
        }
    }

    private static Optional<ObjectKey> owner(ObjectKey slice, EndpointSlice value) {
        return value.service().isEmpty()
                ? Optional.empty()
                : Optional.of(new ObjectKey(slice.namespace(), value.service()));
    }

    /** The Service with what it has now; empty if there is no such Service. */
    Optional<ServiceInputs> inputs(ObjectKey key) {
        return Optional.ofNullable(services.get(key))
                .map(service -> new ServiceInputs(
                        service, List.copyOf(slices.getOrDefault(key, Map.of()).values())));
    }

    Set<ObjectKey> keys() {
        return Set.copyOf(services.keySet());
    }

    int size() {
        return services.size();
    }
}
